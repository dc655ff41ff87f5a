// Every job of the operations' list (parts 0.A, 0.C to 0.F, 0.M) that touches the core: by which browser test it is done, or why
// there is none. The named tests must exist, so that the table stays true.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'

const done = (...tests) => ({ tests })
const none = (why) => ({ why })
export const table = {
  'A1 an alarm: a positive self-test reported by phone': none('the fact called_positive opens the alarm; the form that records it is a case form (cases.test.mjs)'),
  'A2 hold in place, as a status': done('a resident sees their status'),
  'A3 the five-piece set taken': done('a sampler takes a sample'),
  'A4 temporary control of a unit or building': done('an order that two must sign binds after the second'),
  'A5 turn outsiders away, explain, calm': done('a community worker informs and explains'),
  'A6 all negative: release proposed, the seven-hour clock, after-action record': none('release follows from results by itself (response tests); the clock stands on the command page (command.test.mjs)'),
  'A7 surveillance by other services': none('signals are facts of the core; no screen of their own'),
  'C1 a pool of helpers assigned to communities and posts': none('accounts with roles in places are the core’s only roster; a pool of people is none of its objects'),
  'C2 the roles themselves': done('a sampler takes a sample', 'a driver takes somebody to the site', 'a disinfection team disinfects', 'a case investigator completes the investigation', 'logistics supplies the site'),
  'C3 household visits, temperature, explaining': done('a daily check with a temperature takes 4 taps and two digits', 'a community worker informs and explains'),
  'C4 helpers get tasks and give them back': done('a task is taken by one of the team, and given back'),
  'C5 consultation between services': none('no object of the core'),
  'C6 notices with receipts': none('messages to residents only; notices to staff are none of the core’s objects'),
  'C7 small funds': none('no object of the core'),
  'C8 sign-up for a mission': none('no object of the core'),
  'D1 temperature and register at the gate': none('gate entries are no facts of the core until somebody must be traced (docs/architecture.md)'),
  'D2 closed management of a place': done('an order that two must sign binds after the second'),
  'D3 traffic control': none('no object of the core'),
  'D4 inspection, patrol, disinfection of places': done('a disinfection team disinfects'),
  'D5 no gatherings': none('advice of the protocol; no task'),
  'D6 equipment of a post': none('no object of the core'),
  'D7 every control has a basis and somebody who ordered it': done('an order that two must sign binds after the second', 'a resident sees their status'),
  'E1 groups own households': none('places and grants say who serves where; "none unassigned" is no figure of the core'),
  'E2 priority of who is looked for first': none('the protocol’s deadlines order the list of tasks'),
  'E3 register and watch': none('persons and cases are registered by the forms (cases.test.mjs)'),
  'E4 informed, screened, isolated, reported daily': none('the indicators stand on the command page (command.test.mjs)'),
  'E5 coverage of every kind of housing': none('no figure of the core'),
  'E6 follow what is reported': done('the chains as a time line and as trees'),
  'F1 home observation of contacts': done('a daily check with a temperature takes 4 taps and two digits', 'nobody opens the door', 'somebody refuses, and the alternative is written down', 'somebody under observation falls ill'),
  'F2 investigation, tracing contacts': done('a case investigator completes the investigation', 'a hand-over is acknowledged and accepted'),
  'F3 the cluster analysed': done('the chains as a time line and as trees'),
  'F4 status code, its reason, objection': done('a resident sees their status', 'an objection is taken down, and decided within its time'),
  'F5 isolates themselves and says so': none('the fact isolated, recorded with the case form (cases.test.mjs)'),
  'M1 the command sees where it stands': none('the command page (command.test.mjs)'),
  'M2 accountability': done('who did and saw what: the audit'),
  'M3 authority, decision, reason, hearing on record': done('who did and saw what: the audit', 'an objection is taken down, and decided within its time', 'what waits for a second person'),
  'M4 duty, standard and limits on every task': done('why, where in full, and until when stands on a task'),
  'M5 enter once': done('a day of work without a network'),
  'M6 utilities': none('no object of the core'),
  'M7 vigilance after the end': none('no object of the core'),
  'M8 dated figures': none('the command page, as known on a day (command.test.mjs)'),
}

test('each job is done by a test that exists, or says why not', () => {
  const here = dirname(fileURLToPath(import.meta.url))
  const text = readdirSync(here).filter((f) => f.endsWith('.test.mjs') && f !== 'roles-table.test.mjs').map((f) => readFileSync(`${here}/${f}`, 'utf8')).join('\n')
  for (const [job, { tests, why }] of Object.entries(table)) {
    assert.ok((tests?.length ?? 0) > 0 || why, job)
    for (const name of tests ?? []) assert.ok(text.includes(name), `${job}: no test "${name}"`)
  }
  const count = Object.values(table).filter((r) => r.tests).length
  console.log(`jobs of the list: ${Object.keys(table).length}, done in the browser by these tests: ${count}, elsewhere or not of the core: ${Object.keys(table).length - count}`)
})

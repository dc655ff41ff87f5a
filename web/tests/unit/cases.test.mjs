// The line list's cells and tables, and the labels of tubes.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { load } from './bundle.mjs'

const grid = await load('cases/grid.ts')
const barcode = await load('cases/barcode.ts')
const column = (key) => grid.gridColumns.find((c) => c.key === key)

test('a day is read as people and spreadsheets write it', () => {
  for (const text of ['2022-07-14', '2022/7/14', '2022.7.14', '2022年7月14日', '20220714']) assert.equal(grid.readDay(text), '2022-07-14', text)
  for (const text of ['14/7/2022', '2022-02-30', '2022-13-01', 'July', '', '2022-7']) assert.equal(grid.readDay(text), null, text)
})
test('a cell says what is wrong with it', () => {
  const fault = (key, text) => grid.readCell(column(key), text, '2022-07-14').fault
  assert.equal(fault('symptom', '2022-07-15'), 'future')
  assert.equal(fault('symptom', '2022-07-14'), null)
  assert.equal(fault('symptom', 'soon'), 'day')
  assert.equal(fault('symptom', ''), null)
  assert.equal(fault('class', ''), 'class')
  assert.equal(fault('sex', 'x'), 'sex')
  assert.equal(fault('place', 'elsewhere'), 'fixed')
  assert.equal(fault('occupation', 'x'.repeat(121)), 'long')
  assert.deepEqual(grid.readCell(column('class'), ' 确诊 ', '2022-07-14'), { value: 'confirmed', fault: null })
  assert.deepEqual(grid.readCell(column('sex'), 'F', '2022-07-14'), { value: 'female', fault: null })
})
test('a table comes back as it went to the spreadsheet', () => {
  const table = [['a', 'with\ttab', 'two\nlines'], ['"quoted"', '', 'c']]
  assert.deepEqual(grid.readTsv(grid.writeTsv(table)), table)
  assert.deepEqual(grid.readTsv('a\tb\r\nc\td\r\n'), [['a', 'b'], ['c', 'd']])
  assert.equal(grid.writeTsv([['=1+1']]), "'=1+1", 'nothing a spreadsheet would run')
})
test('a label is one identifier on every device', () => {
  for (const text of ['', 'abc', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), '管码 77'.repeat(40)])
    assert.equal(Buffer.from(barcode.sha256(new TextEncoder().encode(text))).toString('hex'), createHash('sha256').update(text).digest('hex'), `${text.length} bytes`)
  const one = barcode.labelUid('T-2022 0714/77')
  assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(barcode.labelUid(' t-20220714/77 '), one)
  assert.notEqual(barcode.labelUid('T-20220714/78'), one)
  assert.equal(barcode.labelUid('0181B557-3BD0-7DCC-8342-83E5E0A90264'), '0181b557-3bd0-7dcc-8342-83e5e0a90264')
})

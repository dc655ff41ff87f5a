// The judge must be able to say no: each fault it looks for, put into a page that has none.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { judge, openContext, openPage, settle, startBrowser, startServer } from './harness.mjs'

let server, browser
before(async () => {
  server = await startServer()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const faults = [
  ['an error on the console', /^console: it broke/, () => console.error('it broke')],
  ['a warning on the console', /^console: mind this/, () => console.warn('mind this')],
  ['a fault in a script', /^fault in the page/, () => setTimeout(() => { throw new Error('thrown') })],
  ['a word that is missing', /^console: words are missing/, () => console.error('words are missing: w1.nothing')],
  ['a key where words should be', /a value nobody should see/, () => { document.querySelector('h1').textContent = 'Late by {time}' }],
  ['a value that is none', /a value nobody should see/, () => { document.querySelector('h1').textContent = 'undefined' }],
  ['a button in the other language', /in the other language/, () => { document.querySelector('form button.main').textContent = '保存' }],
  ['text that does not fit its button', /text does not fit/, () => {
    const b = document.querySelector('form button.main')
    b.style.cssText = 'width: 60px; height: 20px; min-height: 0; padding: 0; white-space: nowrap; overflow: hidden; display: block'
    b.textContent = 'A long text that cannot stand in it'
  }],
  ['a page wider than the screen', /wider than the screen/, () => {
    const d = document.createElement('div')
    d.style.cssText = 'width: 3000px; height: 4px'
    document.querySelector('main').append(d)
  }],
  ['a picture nobody can hear of', /accessibility: image-alt/, () => document.querySelector('main').append(Object.assign(document.createElement('img'), { src: '/icon.svg', width: 20, height: 20 }))],
  ['a field without a name', /accessibility: label/, () => document.querySelector('main').append(document.createElement('input'))],
  ['letters too pale to read', /accessibility: color-contrast/, () => { document.querySelector('h1').style.color = '#ddd' }],
  ['a page that jumps', /the layout shifts/, () => {
    const d = document.createElement('div')
    d.style.height = '400px'
    document.querySelector('main').prepend(d)
  }],
]

test('a page without faults has none', { timeout: 60_000 }, async () => {
  const context = await openContext(browser, server, { lang: 'en' })
  const page = await openPage(context)
  await page.goto('/sign-in')
  await page.locator('.role').first().waitFor()
  await settle(page)
  assert.deepEqual(await judge(page, 'en'), [])
  await context.close()
})
for (const [name, said, spoil] of faults)
  test(`the judge sees ${name}`, { timeout: 60_000 }, async () => {
    const context = await openContext(browser, server, { lang: 'en' })
    try {
      const page = await openPage(context)
      await page.goto('/sign-in')
      await page.locator('.role').first().waitFor()
      await settle(page)
      await page.evaluate(spoil)
      await page.waitForTimeout(300)
      const found = await judge(page, 'en')
      assert.ok(found.some((f) => said.test(f)), `not seen; found: ${found.join('; ')}`)
    } finally {
      await context.close()
    }
  })

// Words in both languages, side by side: a word that lacks one of them does not compile.
import { createI18n } from 'petite-vue-i18n'

export type Language = 'zh' | 'en'
/** key: [Chinese, English]. Arguments stand in braces: "{n} 项逾期". */
export type Words = Record<string, readonly [zh: string, en: string]>

function firstLanguage(): Language {
  const kept = localStorage.getItem('language')
  if (kept === 'zh' || kept === 'en') return kept
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export const i18n = createI18n({
  legacy: false,
  locale: firstLanguage(),
  fallbackLocale: false,
  missingWarn: false,
  missing: (_language, key) => console.error(`words are missing: ${key}`), // the browser tests fail on it
  fallbackWarn: false,
  messages: { zh: {}, en: {} } as Record<Language, Record<string, string>>,
})

export function language(): Language {
  return i18n.global.locale.value as Language
}

export function setLanguage(to: Language): void {
  i18n.global.locale.value = to
  localStorage.setItem('language', to)
  document.cookie = `language=${to}; path=/; max-age=31536000; samesite=lax` // the server's texts follow
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'
}

/** Make a page's words known; returns a function that says them. Call it once, at the top of a module. */
let spaces = 0
export function useWords<W extends Words>(words: W) {
  const space = 'w' + ++spaces // every page has its own: two may use the same key
  const zh: Record<string, string> = {}
  const en: Record<string, string> = {}
  for (const [key, [inChinese, inEnglish]] of Object.entries(words)) {
    zh[`${space}.${key}`] = inChinese
    en[`${space}.${key}`] = inEnglish
  }
  i18n.global.mergeLocaleMessage('zh', zh)
  i18n.global.mergeLocaleMessage('en', en)
  return (key: keyof W & string, args?: Record<string, string | number>): string => i18n.global.t(`${space}.${key}`, args ?? {})
}

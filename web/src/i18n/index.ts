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
  missingWarn: true,
  fallbackWarn: false,
  messages: { zh: {}, en: {} } as Record<Language, Record<string, string>>,
})

export function language(): Language {
  return i18n.global.locale.value as Language
}

export function setLanguage(to: Language): void {
  i18n.global.locale.value = to
  localStorage.setItem('language', to)
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'
}

/** Make a page's words known; returns a function that says them. Call it once, at the top of a module. */
export function useWords<W extends Words>(words: W) {
  const zh: Record<string, string> = {}
  const en: Record<string, string> = {}
  for (const [key, [inChinese, inEnglish]] of Object.entries(words)) {
    zh[key] = inChinese
    en[key] = inEnglish
  }
  i18n.global.mergeLocaleMessage('zh', zh)
  i18n.global.mergeLocaleMessage('en', en)
  return (key: keyof W & string, args?: Record<string, string | number>): string => i18n.global.t(key, args ?? {})
}

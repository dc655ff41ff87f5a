// Light or dark: as the device is, unless the user says otherwise.
export type Theme = 'auto' | 'light' | 'dark'

const dark = matchMedia('(prefers-color-scheme: dark)')

export function theme(): Theme {
  const kept = localStorage.getItem('theme')
  return kept === 'light' || kept === 'dark' ? kept : 'auto'
}

export function applyTheme(): void {
  const isDark = theme() === 'dark' || (theme() === 'auto' && dark.matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
  document.documentElement.classList.toggle('dark', isDark) // Element Plus reads this one
}

export function setTheme(to: Theme): void {
  if (to === 'auto') localStorage.removeItem('theme')
  else localStorage.setItem('theme', to)
  applyTheme()
}

dark.addEventListener('change', applyTheme)

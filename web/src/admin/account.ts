// Accounts as the server says them.
import type { Grant } from '@/api/session'

export interface FullGrant extends Grant {
  from: string
  until: string | null
  needs_second_factor: boolean
}
export interface Account {
  id: number
  login: string
  name: string
  language: 'zh' | 'en'
  resident: boolean
  must_change: boolean
  second_factor: boolean
  created: string
  closed: string | null
  version: number
  grants?: FullGrant[]
  password?: string // once
}
export interface Role {
  role: string
  name: string
  reason: string
  needs_second_factor: boolean
}
export interface Held {
  id: number
  kind: string
  label: string
  state: string
  account: number
  at: string
  people: number
  about: number | null
  decided: string | null
  decided_by: number | null
  method?: string
  target?: string
  body?: string
}

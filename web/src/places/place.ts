// Places as the server says them, and the words for their kinds.
import { useWords } from '@/i18n'

export interface Named {
  word: string
  label: string
}
export interface Place {
  uid: string
  name: string
  name_en: string | null
  code: string | null
  kind: Named
  capacity: number | null
  closed: string | null
  counts?: Record<'people' | 'cases' | 'contacts' | 'tasks', number | null>
}
export interface PlaceDetail extends Place {
  latitude: number | null
  longitude: number | null
  shape: string | null
  version: number
  within: { uid: string; name: string }[]
}

const kindWords = {
  kind_nation: ['国家', 'nation'],
  kind_province: ['省（自治区、直辖市）', 'province'],
  kind_city: ['市', 'city'],
  kind_district: ['区县', 'district'],
  kind_subdistrict: ['街道（乡镇）', 'subdistrict'],
  kind_community: ['社区（村）', 'community'],
  kind_grid: ['网格', 'grid'],
  kind_estate: ['小区', 'estate'],
  kind_village: ['自然村', 'village'],
  kind_building: ['楼栋', 'building'],
  kind_stair_unit: ['单元', 'stair unit'],
  kind_floor: ['楼层', 'floor'],
  kind_household: ['户', 'household'],
  kind_checkpoint: ['卡口', 'checkpoint'],
  kind_sampling_site: ['采样点', 'sampling site'],
  kind_quarantine_site: ['集中隔离点', 'quarantine site'],
  kind_hospital: ['医院', 'hospital'],
  kind_fangcang: ['方舱医院', 'shelter hospital'],
  kind_treatment_centre: ['治疗中心', 'treatment centre'],
  kind_ward: ['病区', 'ward'],
  kind_room: ['房间', 'room'],
  kind_bed: ['床位', 'bed'],
  kind_laboratory: ['实验室', 'laboratory'],
  kind_warehouse: ['仓库', 'warehouse'],
  kind_market: ['市场', 'market'],
  kind_mall: ['商场', 'shopping mall'],
  kind_school: ['学校', 'school'],
  kind_class: ['班级', 'class'],
  kind_workplace: ['工作场所', 'workplace'],
  kind_venue: ['场所', 'venue'],
  kind_outside: ['外地', 'elsewhere'],
} as const
type KindWord = keyof typeof kindWords
const sayKind = useWords(kindWords)
export const kinds: { word: string; key: KindWord }[] = (Object.keys(kindWords) as KindWord[]).map((key) => ({ word: key.slice('kind_'.length), key }))
export function kindName(key: KindWord): string {
  return sayKind(key)
}
/** The kind most often found below another: what a new place is offered as. */
export function below(kind: string): string {
  const order = ['nation', 'province', 'city', 'district', 'subdistrict', 'community', 'estate', 'building', 'stair_unit', 'floor', 'household']
  const special: Record<string, string> = { grid: 'household', village: 'household', hospital: 'ward', fangcang: 'ward', ward: 'room', room: 'bed', quarantine_site: 'room', treatment_centre: 'ward', school: 'class' }
  const at = order.indexOf(kind)
  return special[kind] ?? (at >= 0 ? (order[at + 1] ?? 'room') : 'room')
}

// The transmission graph as plain arrays, so that it can be handed to the layout worker without copying objects.

export const enum NodeKind {
  Confirmed,
  Asymptomatic,
  Probable,
  Suspected,
  Discarded,
  Contact,
}

export interface Graph {
  count: number
  id: Float64Array // enrolment number
  kind: Uint8Array // NodeKind
  day: Int32Array // days since 1970: onset, else positive sample, else last exposure; unknownDay when none
  place: Int32Array // an index for colouring by place, -1 unknown
  linkCount: number
  from: Int32Array // index of the node
  to: Int32Array
}
export const unknownDay = -2147483648

export type LayoutMode = 'time' | 'tree'
export interface Layout {
  mode: LayoutMode
  x: Float32Array
  y: Float32Array
  radius: Float32Array
  chain: Int32Array // which chain a node belongs to, the largest first
  chains: number
  width: number
  height: number
  firstDay: number // of mode 'time': x = (day - firstDay) * dayWidth
}
export const dayWidth = 26

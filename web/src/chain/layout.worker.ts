import { layOut } from './layout'
import type { Graph, LayoutMode } from './graph'

self.onmessage = (event: MessageEvent<{ graph: Graph; mode: LayoutMode; ticket: number }>) => {
  const layout = layOut(event.data.graph, event.data.mode)
  self.postMessage({ layout, ticket: event.data.ticket }, { transfer: [layout.x.buffer, layout.y.buffer, layout.radius.buffer, layout.chain.buffer] })
}

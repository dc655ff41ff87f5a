// The charts we use, and nothing more of the library.
import { BarChart, TreemapChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { EChartsCoreOption } from 'echarts/core'

use([BarChart, TreemapChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer])

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** A chart in an element: follows its size, and is drawn again with `option` when the look changes. */
export function chart(element: HTMLElement, option: () => EChartsCoreOption): { draw: () => void; on: ECharts['on']; close: () => void } {
  const c = init(element, undefined, { renderer: 'canvas' })
  const draw = () => c.setOption({ animation: false, ...option() }, true)
  const sized = new ResizeObserver(() => c.resize())
  const looked = new MutationObserver(draw)
  sized.observe(element)
  looked.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'lang'] })
  draw()
  return {
    draw,
    on: c.on.bind(c) as ECharts['on'],
    close() {
      sized.disconnect()
      looked.disconnect()
      c.dispose()
    },
  }
}

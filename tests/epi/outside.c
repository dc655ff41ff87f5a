// A small program outside the project: a reproduction number and a chart, with nothing but the installed library.
#include <epi/chart.h>
#include <epi/rt.h>
#include <epi/serial.h>

#include <stdio.h>

int main(void)
{
    static const double cases[12] = {1, 2, 3, 4, 6, 8, 11, 15, 20, 27, 36, 48};
    double w[20], day[12];
    struct arena arena = {0};
    struct sink svg = {0};
    struct rt_window window = {5, 11};
    struct rt_estimate r;
    struct err err = {0};
    if (serial_discretise(4, 2, 20, w, &err) != TONG_OK) return 1;
    struct rt_input in = {.local = cases, .days = 12, .si = w, .si_days = 20};
    if (rt_instantaneous(&in, &window, 1, &arena, &r, &err) != TONG_OK) return 1;
    struct chart chart = {.title = LABEL("cases", "病例"),
                          .x_label = LABEL("day", "天"),
                          .y_label = LABEL("cases", "病例"),
                          .note = LABEL("", "")};
    for (int i = 0; i < 12; i++) day[i] = i;
    chart_add(&chart, CHART_BARS, (struct label)LABEL("", ""), day, cases, NULL, 12);
    if (chart_svg(&chart, LANG_EN, false, &svg, &err) != TONG_OK) return 1;
    (void)printf("R %.3f (%.3f to %.3f), %d bytes of SVG\n", r.mean, rt_quantile(&r, 0.025), rt_quantile(&r, 0.975),
                 (int)svg.n);
    sink_close(&svg);
    arena_free(&arena);
    return 0;
}

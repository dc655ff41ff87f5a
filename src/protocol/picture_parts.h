// picture_parts.h -- what stands in a picture: rows of boxes, the exits beside them, the edges between them.
#ifndef TONG_PROTOCOL_PICTURE_PARTS_H
#define TONG_PROTOCOL_PICTURE_PARTS_H

#include "protocol/explain_prose.h"
#include "protocol/explain_timetable.h"
#include "protocol/picture_svg.h"

enum {
    PICTURE_MARGIN = 24,
    PICTURE_BOX = 380,        // width of a stage's box
    PICTURE_PAD = 14,         // text to the edge of its box
    PICTURE_LABEL_LEFT = 150, // widths of the columns of labels and of ends
    PICTURE_LABEL_RIGHT = 230,
    PICTURE_ARROW = 40, // instead of it, when no stage has exits of its own
    PICTURE_ENDS = 270,
    PICTURE_LANE = 16,
    PICTURE_ROWS_MAX = PROTOCOL_STAGES_MAX + 3,
    PICTURE_CHIPS_MAX = 6,
};

typedef enum picture_row_kind { ROW_START, ROW_STAGE, ROW_RELEASE, ROW_ALWAYS } picture_row_kind;

// A strip of the days of a stage with what is due on them.
struct picture_strip {
    int32_t count, a_line;     // days, and how many of them in one line; 0: no strip
    double cell, line, height; // width of a day, height of a line, of all of them
};

struct picture_row {
    picture_row_kind kind;
    uint8_t stage;               // of ROW_STAGE
    struct svg_block head, body; // above and below the strip
    struct picture_strip strip;
    size_t exit_first, exit_count;
    double y, height;
    double need;                        // height of its own text
    double left_need;                   // of the edges that come and go on the left
    double right_need;                  // of what comes and goes on the right
    double left_in, left_out, right_in; // where the next edge may come in or go out, from y
    bool entered_right;                 // by an event
};

struct picture_chip {
    const char *class;
    struct svg_block text;
    double height, radius;
};

// What happens on an event: a label over a line that leads to chips, into a stage, or both.
struct picture_exit {
    struct svg_block label;
    bool inside; // the label stands in the box (of ROW_ALWAYS), else over the line
    struct picture_chip chips[PICTURE_CHIPS_MAX];
    size_t chip_count;
    size_t go;                     // row, or SIZE_MAX
    double y, line, stack, height; // from the row's y: its top, the line, the top of the chips
};

// What leads on in time.
struct picture_edge {
    size_t from, to;
    const char *text; // the condition; "" when there is none
    struct svg_block label;
    bool straight; // to the row below; else over a lane on the left
    int32_t lane;
};

struct picture {
    struct prose s;
    struct timetable timetable;
    uint8_t pathway;
    struct picture_row rows[PICTURE_ROWS_MAX];
    size_t row_count;
    struct picture_exit *exits;
    size_t exit_count, exit_cap;
    struct picture_edge *edges;
    size_t edge_count, edge_cap;
    int32_t left_lanes, right_lanes;
    int32_t right_lane[PICTURE_ROWS_MAX];  // of the events that lead into the row
    double box_x, label_x, ends_x, lane_x; // left edges of the columns, and of the lanes before the ends
    double top, width, height;
};

// Makes the rows with their texts, exits and edges. False when memory is short.
bool picture_fill(struct picture *pic);
// The measure's band of colour: "m0" mild to "m5".
const char *picture_band(measure_kind_word kind);
// What a day of a strip carries.
enum { STRIP_SAMPLE = 1, STRIP_CHECK = 2 };
uint32_t picture_strip_marks(const struct protocol *p, uint8_t stage, int32_t day);

#endif

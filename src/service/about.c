#include "service/about.h"

#include "base/json.h"
#include "protocol/protocol.h"
#include "service/service.h"

static void about_edition(const struct service *s, struct json_out *j)
{
    int32_t edition = service_edition(s);
    if (edition < 0) {
        json_out_null(j, "edition");
        return;
    }
    const struct protocol *p = service_book(s).editions[edition];
    json_out_object(j, "edition");
    json_out_int(j, "id", edition);
    json_out_z(j, "name", p->id);
    json_out_object(j, "label");
    json_out_z(j, "en", p->name.text[LANG_EN]);
    json_out_z(j, "zh", p->name.text[LANG_ZH]);
    json_out_end(j);
    json_out_z(j, "disease", p->disease);
    json_out_z(j, "place", p->place);
    json_out_end(j);
}

static tong_code about_get(struct request *rq, struct reply *rp, struct err *err)
{
    const struct service *s = rq->service;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_z(&j, "name", rq->language == LANG_ZH ? "同舟" : "Tongzhou");
    json_out_z(&j, "version", s->options.version);
    json_out_array(&j, "languages");
    json_out_z(&j, NULL, "zh");
    json_out_z(&j, NULL, "en");
    json_out_end(&j);
    json_out_z(&j, "language", rq->language == LANG_ZH ? "zh" : "en");
    json_out_z(&j, "response", s->options.name); // public: the sign-in page shows it
    json_out_z(&j, "zone", s->options.zone.name);
    json_out_instant(&j, "now", rq->now);
    json_out_real(&j, "speed", service_clock_speed(s));
    json_out_bool(&j, "demo", s->part[PART_DEMO] != NULL);
    about_edition(s, &j);
    json_out_bool(&j, "signed_in", rq->actor.account != 0);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "about");
}

static const struct schema about_schemas[] = {
    {"about",
     "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"version\":{\"type\":\"string\"},"
     "\"languages\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},\"language\":{\"enum\":[\"zh\",\"en\"]},"
     "\"response\":{\"type\":[\"string\",\"null\"]},\"zone\":{\"type\":\"string\"},"
     "\"now\":{\"type\":\"string\",\"format\":\"date-time\"},\"speed\":{\"type\":\"number\"},\"demo\":{\"type\":\"boolean\"},"
     "\"edition\":{\"type\":[\"object\",\"null\"],\"properties\":{\"id\":{\"type\":\"integer\"},\"name\":{\"type\":"
     "\"string\"},"
     "\"label\":{\"$ref\":\"#/components/schemas/label\"},\"disease\":{\"type\":[\"string\",\"null\"]},"
     "\"place\":{\"type\":[\"string\",\"null\"]}}},\"signed_in\":{\"type\":\"boolean\"}}}"},
};

static const struct route about_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/about",
     .name = "about",
     .right = RIGHT_OPEN,
     .handler = about_get,
     .schema_out = "about",
     .label =
         LABEL("what answers here: version, languages, the edition in force", "系统概况：版本、语言、现行防控方案")},
};

const struct route_table about_routes = {.rows = about_rows,
                                         .count = sizeof about_rows / sizeof about_rows[0],
                                         .schemas = about_schemas,
                                         .schema_count = sizeof about_schemas / sizeof about_schemas[0]};

-- Ways in that the records need beside those of the first migration.
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX person_guardian ON person (guardian) WHERE guardian IS NOT NULL;
CREATE INDEX place_parent ON place (parent) WHERE parent IS NOT NULL;
CREATE INDEX place_code ON place (code) WHERE code IS NOT NULL;
CREATE INDEX objection_subject ON objection (subject);
CREATE INDEX hand_over_subject ON hand_over (subject);
CREATE INDEX measure_site ON measure (site) WHERE site IS NOT NULL AND ended IS NULL;

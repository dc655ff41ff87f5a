-- in: place. out: its uid, its names
SELECT uid, name, name_en FROM place WHERE id = $1

-- in: $1 uid      out: id, flags, place, merged_into, version
SELECT id, flags, place, merged_into, version FROM person WHERE uid = $1;

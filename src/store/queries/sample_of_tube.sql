-- in: $1 tube      out: id, subject of the samples in it
SELECT id, subject FROM sample WHERE tube = $1 ORDER BY id;

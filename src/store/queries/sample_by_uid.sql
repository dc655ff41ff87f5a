-- in: $1 uid      out: id, subject
SELECT id, subject FROM sample WHERE uid = $1;

-- scan
-- in: nothing      out: subject, ordered, ended of every measure that was ordered
SELECT subject, ordered, ended FROM measure WHERE ordered IS NOT NULL ORDER BY id;

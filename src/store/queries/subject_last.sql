-- in: nothing      out: the last number of people, places and gatherings
SELECT (SELECT max(id) FROM person), (SELECT max(id) FROM place), (SELECT max(id) FROM gathering);

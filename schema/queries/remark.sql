-- Remarks on a measure that have appeared with a release, page by page: consultation, ordinal, place of the first one or before it, how
-- many (one more than a page, which is where the next begins), stance and day or null.
-- name: remark_page
-- role: reader
select "position", language, organisation, body
  from remark_page($1::int4, $2::int2, $3::int8, $4::int4, $5::int2, $6::date);

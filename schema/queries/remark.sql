-- Remarks on a measure that have appeared with a release, page by page. The first one is the one at $3 or after it; one more than a page
-- is asked for, which is where the next begins.

-- name: remark_page
-- role: reader
select position, language, organisation, body
  from released_remarks
 where consultation_id = $1::int4 and part = 0 and ordinal = $2::int2 and position >= $3::int8
 order by position limit $4::int4;

-- name: remark_page_stance
-- role: reader
select position, language, organisation, body
  from released_remarks
 where consultation_id = $1::int4 and part = 0 and ordinal = $2::int2 and position >= $3::int8 and stance = $5::int2
 order by position limit $4::int4;

-- name: remark_page_day
-- role: reader
select position, language, organisation, body
  from released_remarks
 where consultation_id = $1::int4 and part = 0 and ordinal = $2::int2 and position >= $3::int8 and day = $5::date
 order by position limit $4::int4;

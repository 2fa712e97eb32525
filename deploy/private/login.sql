-- The login of a server and of the commands: no rights of its own, but it may act as each of the service's roles. Run as superuser after
-- migrate.sh; again without harm.
do $$
begin
    if not exists (select from pg_roles where rolname = 'consultation_login') then
        create role consultation_login login noinherit;
    end if;
end $$;
grant consultation_owner, consultation_writer, consultation_reader, consultation_exporter, consultation_publisher
    to consultation_login;

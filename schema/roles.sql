-- The roles of the service, made where they are missing. Run by deploy/migrate.sh before the migrations, in the service's database; again
-- and again without harm. What each may do stands in grants.sql.
--   consultation_owner      owns the schema; commands run as it; no server does
--   consultation_writer     a server's writer: calls the functions that store
--   consultation_reader     a server's reads
--   consultation_exporter   officials' exports: reads answers, never what identifies or what opens a receipt
--   consultation_publisher  the published remarks, and nothing else
-- Servers and commands log in as consultation_login, which has no right of its own and takes one of these for each connection.
do $$
declare
    v_role text;
begin
    foreach v_role in array array['consultation_owner', 'consultation_writer', 'consultation_reader',
                                  'consultation_exporter', 'consultation_publisher'] loop
        if not exists (select from pg_roles where rolname = v_role) then
            execute format('create role %I nologin noinherit', v_role);
        end if;
    end loop;
    if not exists (select from pg_roles where rolname = 'consultation_login') then
        create role consultation_login login noinherit;
    end if;
    foreach v_role in array array['consultation_owner', 'consultation_writer', 'consultation_reader', 'consultation_exporter'] loop
        if not pg_has_role('consultation_login', v_role, 'member') then
            execute format('grant %I to consultation_login', v_role);
        end if;
        -- Who migrates acts as the owner, and may serve as well.
        if not pg_has_role(current_user, v_role, 'member') then
            execute format('grant %I to %I', v_role, current_user);
        end if;
    end loop;
    -- PUBLIC could make temporary tables, whose names come before everybody else's. To connect is left: it shows nothing yet.
    execute format('revoke temporary, create on database %I from public', current_database());
    execute format('grant create on database %I to consultation_owner', current_database());
end $$;

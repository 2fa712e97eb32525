// Somebody who signs in by password, and such a one as a member of an institution.
import { execFileSync } from 'node:child_process';
import { enter, person } from './official.mjs';

export const sql = (text) => execFileSync('psql', ['-XAtqd', process.env.SCENE_DATABASE, '-v', 'ON_ERROR_STOP=1', '-c', text], { encoding: 'utf8' }).trim();

export async function signedIn(chromium, language, sight, login) {
    const one = await person(chromium, language, sight);
    await enter(one, language, login);
    return one;
}

// An account that has signed in becomes a member, with its session under the members' cookie.
export async function member(chromium, language, sight, login, institution = login, roles = 3) {
    const one = await signedIn(chromium, language, sight, login);
    const [cookie] = await one.context.cookies();
    sql(`update consultation.officials set member_roles = ${roles}, institution_id = (select institution_id from consultation.institutions
          where slug = '${institution}') where login = '${login}'`);
    await one.context.addCookies([{ ...cookie, name: '__Host-member' }]);
    return one;
}

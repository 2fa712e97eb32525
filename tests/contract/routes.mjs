// Every /v1 route of the table is an operation of the contract with its name, and the other way round.
import { contract, finish, table } from './contract.mjs';

const ignored = new Set(['parameters', 'summary', 'description', 'servers']);
const documented = new Map();
for (const [path, item] of Object.entries(contract().paths))
    for (const [method, operation] of Object.entries(item))
        if (!ignored.has(method)) documented.set(`${method.toUpperCase()} ${path}`, operation);

const faults = [];
const routes = table('server/resources/routes.def', 'ROUTE');
const served = new Map(routes.map(([method, path, handler]) => [`${method} ${path}`, handler]));
for (const [route, handler] of served) {
    const path = route.split(' ')[1];
    const operation = documented.get(route);
    const isPage = path === '/' || path.startsWith('/{language}') || /^\/(static|problems|robots|sitemap|openapi|openid|offline)/.test(path);
    if (!operation && !isPage) faults.push(`${route} is served and not in the contract`);
    // One handler may serve two addresses; operation names are unique.
    if (operation && !operation.operationId.startsWith(handler))
        faults.push(`${route} is ${handler}, the contract says ${operation.operationId}`);
}
for (const route of documented.keys()) if (!served.has(route)) faults.push(`${route} is in the contract and not served`);
finish(faults, `${served.size} routes`);

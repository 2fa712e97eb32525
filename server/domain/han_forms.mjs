// Makes han_forms.def, which fold.c includes: what OpenCC's tables say of single characters, traditional forms and Hong Kong's
// and Taiwan's variants with the simplified form that searching takes for them. Run by the build: han_forms.mjs OUTPUT
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../static/package.json', import.meta.url));
const { Converter } = require('opencc-js');

const converters = ['hk', 't', 'tw'].map((from) => Converter({ from, to: 'cn' }));
// One in one out: a place in the text read stays the place in the text itself.
function simplified(character) {
  for (const convert of converters) {
    const form = convert(character);
    if (form !== character && [...form].length === 1) return form;
  }
  return character;
}
const code = (character) => `0x${character.codePointAt(0).toString(16)}`;
let text = '/* HAN_FORM(character, what it is read as), in order of the characters. */\n';
for (const [from, to] of [[0x3400, 0x9fff], [0x20000, 0x2ffff]])
  for (let point = from; point <= to; point++) {
    const character = String.fromCodePoint(point);
    // Until nothing changes any more: 髪 (a variant) is read as 髮, and so as 发.
    let form = simplified(character);
    for (let next; (next = simplified(form)) !== form;) form = next;
    if (form !== character) text += `HAN_FORM(${code(character)}, ${code(form)})\n`;
  }
writeFileSync(process.argv[2], text);

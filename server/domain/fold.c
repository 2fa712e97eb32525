/* Characters that searching takes as the same; see fold.h. */
#include "domain/fold.h"

#include <stdlib.h>
#include <unicase.h>
#include <unistr.h>

uint32_t fold_point(uint32_t point)
{
    if (point >= 0xff01 && point <= 0xff5e) /* full-width ASCII */
        point -= 0xff01 - 0x21;
    switch (point) {
    case 0x3000:
    case 0xa0:
    case '\t':
    case '\n':
        return ' ';
    case 0x201c:
    case 0x201d:
    case 0x300c:
    case 0x300d:
    case 0x300e:
    case 0x300f:
        return '"';
    case 0x2018:
    case 0x2019:
        return '\'';
    case 0x2010:
    case 0x2011:
        return '-';
    default:
        return uc_tolower(point);
    }
}

struct han_form {
    uint32_t from, to;
};

static const struct han_form han_forms[] = {
#define HAN_FORM(from, to) {from, to},
#include "domain/han_forms.def"
#undef HAN_FORM
};

static int form_compare(const void *key, const void *element)
{
    uint32_t point = *(const uint32_t *)key, from = ((const struct han_form *)element)->from;
    return point < from ? -1 : point > from;
}

uint32_t fold_script(uint32_t point)
{
    if (!fold_is_han(point))
        return point;
    const struct han_form *form = bsearch(&point, han_forms, sizeof han_forms / sizeof *han_forms,
                                          sizeof *han_forms, form_compare);
    return form ? form->to : point;
}

size_t fold_text(const char *text, uint32_t *out)
{
    size_t count = 0;
    ucs4_t point = 0;
    for (const uint8_t *p = (const uint8_t *)text; (p = u8_next(&point, p)) != NULL;)
        out[count++] = fold_point(point);
    return count;
}

bool fold_is_han(uint32_t point)
{
    return (point >= 0x3400 && point <= 0x9fff) || (point >= 0xf900 && point <= 0xfaff) ||
           (point >= 0x20000 && point <= 0x3ffff);
}

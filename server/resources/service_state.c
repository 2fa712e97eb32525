/* Whether the server's parts are well; see service_state.h. */
#include "resources/service_state.h"

enum { CLOCKS_APART_US = 2000000 };

static const struct {
    const char *name, *trouble;
} parts[SERVICE_PARTS] = {
    [PART_CONSULTATIONS] = {"consultations", "the database has not been read for over 10 seconds"},
    [PART_WRITER] = {"writer", "no connection to the database"},
    [PART_QUEUE] = {"queue", "full: submissions are being refused"},
    [PART_CLOCK] = {"clock", "this machine's clock and the database's are over 2 seconds apart"},
    [PART_IDENTITY_KEYS] = {"identity_keys",
                            "a consultation's is missing or wrong: its submissions are being "
                            "refused"},
    [PART_RELEASER] = {"releaser", "no releases for over 30 seconds"},
    [PART_MAIL] = {"mail", "full: codes by mail are being refused"},
};

const char *service_part_name(enum service_part part)
{
    return parts[part].name;
}

const char *service_part_trouble(enum service_part part)
{
    return parts[part].trouble;
}

static bool is_well(struct service *service, const struct service_state *state,
                    const struct writer_figures *writer, enum service_part part)
{
    const struct settings *settings = &service->settings;
    int64_t apart = writer->clock_apart_us;
    switch (part) {
    case PART_CONSULTATIONS:
        return catalogue_ready(service->catalogue);
    case PART_WRITER:
        return writer->connected;
    case PART_QUEUE:
        return state->submissions < settings->queue_places;
    case PART_CLOCK:
        return apart <= CLOCKS_APART_US && apart >= -CLOCKS_APART_US;
    case PART_IDENTITY_KEYS:
        return atomic_load(&service->keys_missing) == 0;
    case PART_RELEASER:
        return releaser_is_well(service->releaser);
    case PART_MAIL:
        return state->mails < settings->mail_places;
    case SERVICE_PARTS:
        break;
    }
    return false;
}

void service_state_read(struct service *service, struct service_state *out)
{
    struct writer_figures writer;
    struct mail_figures mail;
    writer_figures(service->writer, &writer);
    mail_figures(service->mail, &mail);
    *out = (struct service_state){.submissions = (int64_t)queue_waiting(service->queue),
                                  .mails = (int64_t)mail.waiting};
    for (int part = 0; part < SERVICE_PARTS; part++) {
        if (part == PART_MAIL && mail_way(service->mail, true) == MAIL_NONE)
            continue;
        out->there |= 1u << part;
        if (is_well(service, out, &writer, (enum service_part)part))
            out->well |= 1u << part;
    }
}

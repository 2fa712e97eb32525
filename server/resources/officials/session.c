/* What signing in has in common; see session.h. */
#include "resources/officials/session.h"

#include "http/limiter.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { WINDOW_S = 900 };

/* From the header in which browsers claim to be each other: the more particular first. */
void session_agent(const struct request *request, char agent[SESSION_AGENT])
{
    static const char *const browsers[][2] = {{"Edg", "Edge"},         {"OPR/", "Opera"},
                                              {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"},
                                              {"Safari/", "Safari"},   {"", "?"}};
    static const char *const systems[][2] = {{"Windows", "Windows"},
                                             {"Android", "Android"},
                                             {"iPhone", "iPhone"},
                                             {"iPad", "iPad"},
                                             {"Mac OS", "macOS"},
                                             {"Linux", "Linux"},
                                             {"", "?"}};
    const char *sent = request_header(request, "User-Agent");
    size_t b = 0, s = 0;
    while (!strstr(sent ? sent : "", browsers[b][0]))
        b++;
    while (!strstr(sent ? sent : "", systems[s][0]))
        s++;
    snprintf(agent, SESSION_AGENT, "%s, %s", browsers[b][1], systems[s][1]);
}

static struct limit limit_of_name(const struct service *service, const char *login)
{
    return (struct limit){.purpose = "sign-in",
                          .about = login,
                          .most = service->settings.sign_in_tries_per_account,
                          .window_s = WINDOW_S};
}

static struct limit limit_of_network(const struct service *service)
{
    return (struct limit){.purpose = "sign-in-network",
                          .most = service->settings.sign_in_tries_per_prefix,
                          .window_s = WINDOW_S};
}

int session_limits_wait(const struct request *request, const char *login)
{
    const struct service *service = service_of(request);
    const struct limit name = limit_of_name(service, login), network = limit_of_network(service);
    int own = login ? limiter_wait(service->limiter, &name, request->address) : 0;
    int all = limiter_wait(service->limiter, &network, request->address);
    return own > all ? own : all;
}

void session_limits_take(const struct request *request, const char *login)
{
    const struct service *service = service_of(request);
    const struct limit name = limit_of_name(service, login), network = limit_of_network(service);
    if (login)
        limiter_take(service->limiter, &name, request->address);
    limiter_take(service->limiter, &network, request->address);
}

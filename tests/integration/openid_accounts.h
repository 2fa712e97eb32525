#ifndef INTEGRATION_OPENID_ACCOUNTS_H
#define INTEGRATION_OPENID_ACCOUNTS_H

#include "support/openid.h"
#include "support/scene.h"

/* Signing in to accounts at the lying provider, in the scene of test_openid.c: both are open. */
TCase *openid_accounts(struct scene *scene, const struct openid *openid);

#endif

/* Throw-away clusters; see cluster.h. */
#include "support/cluster.h"

#include "support/process.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FOLDER_TEXT = 40, CONNINFO_TEXT = 160, START_TRIES = 300 };

struct cluster {
    char folder[FOLDER_TEXT];
    char log[FOLDER_TEXT + 8];
    char conninfo[CONNINFO_TEXT];
    char superuser[CONNINFO_TEXT];
    struct process postmaster;
    PGconn *holding; /* NULL: nothing is held */
};

static const char script[] = SOURCE_FOLDER "/tests/support/cluster.sh";

static _Noreturn void cluster_give_up(const struct cluster *cluster, const char *what)
{
    fprintf(stderr, "cluster: %s failed in %s\n", what, cluster->folder);
    abort();
}

static void cluster_script(struct cluster *cluster, const char *command, char *output, size_t size)
{
    const char *argv[] = {script, command, cluster->folder, NULL};
    if (process_run(output, size, argv) != 0)
        cluster_give_up(cluster, command);
}

static void cluster_run(struct cluster *cluster)
{
    const char *argv[] = {script, "run", cluster->folder, NULL};
    if (!process_start(&cluster->postmaster, SIGQUIT, cluster->log, argv))
        cluster_give_up(cluster, "run");
}

struct cluster *cluster_new(void)
{
    struct cluster *cluster = calloc(1, sizeof *cluster);
    if (!cluster)
        abort();
    snprintf(cluster->folder, sizeof cluster->folder, "/tmp/ct-XXXXXX");
    if (!mkdtemp(cluster->folder))
        cluster_give_up(cluster, "mkdtemp");
    snprintf(cluster->log, sizeof cluster->log, "%s.log", cluster->folder);
    snprintf(cluster->superuser, sizeof cluster->superuser,
             "host=%s user=postgres dbname=consultation", cluster->folder);
    cluster_script(cluster, "init", NULL, 0);
    cluster_run(cluster);
    cluster_script(cluster, "prepare", cluster->conninfo, sizeof cluster->conninfo);
    cluster->conninfo[strcspn(cluster->conninfo, "\n")] = '\0';
    return cluster;
}

void cluster_free(struct cluster *cluster)
{
    if (!cluster)
        return;
    cluster_stop(cluster, SIGQUIT);
    cluster_script(cluster, "remove", NULL, 0);
    unlink(cluster->log);
    free(cluster);
}

const char *cluster_conninfo(const struct cluster *cluster)
{
    return cluster->conninfo;
}

const char *cluster_superuser(const struct cluster *cluster)
{
    return cluster->superuser;
}

const char *cluster_folder(const struct cluster *cluster)
{
    return cluster->folder;
}

void cluster_stop(struct cluster *cluster, int sent)
{
    process_stop(&cluster->postmaster, sent);
}

void cluster_start(struct cluster *cluster)
{
    const struct timespec pause = {.tv_nsec = 100000000};
    for (int tries = 0; tries < START_TRIES; tries++) {
        /* After a kill -9 it is refused until the last orphan is gone. */
        if (!process_runs(&cluster->postmaster)) {
            process_stop(&cluster->postmaster, 0);
            cluster_run(cluster);
        }
        if (PQping(cluster->superuser) == PQPING_OK)
            return;
        nanosleep(&pause, NULL);
    }
    cluster_give_up(cluster, "start");
}

void cluster_freeze(struct cluster *cluster, bool frozen)
{
    char command[64];
    snprintf(command, sizeof command, "kill -%s $(pgrep -P %d) %d", frozen ? "STOP" : "CONT",
             (int)cluster->postmaster.pid, (int)cluster->postmaster.pid);
    const char *argv[] = {"sh", "-c", command, NULL};
    if (process_run(NULL, 0, argv) != 0)
        cluster_give_up(cluster, "freeze");
}

void cluster_hold(struct cluster *cluster, const char *sql)
{
    cluster->holding = PQconnectdb(cluster->superuser);
    PQclear(PQexec(cluster->holding, "begin"));
    PGresult *result = PQexec(cluster->holding, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        cluster_give_up(cluster, sql);
    PQclear(result);
}

void cluster_let_go(struct cluster *cluster)
{
    PQfinish(cluster->holding);
    cluster->holding = NULL;
}

char *cluster_text(struct cluster *cluster, const char *sql)
{
    PGconn *connection = PQconnectdb(cluster->superuser);
    PGresult *result = PQexec(connection, "set search_path = consultation");
    PQclear(result);
    result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        fprintf(stderr, "%s%s\n", PQerrorMessage(connection), sql);
        cluster_give_up(cluster, "query");
    }
    char *text = strdup(PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    if (!text)
        abort();
    PQclear(result);
    PQfinish(connection);
    return text;
}

int64_t cluster_number(struct cluster *cluster, const char *sql)
{
    char *text = cluster_text(cluster, sql);
    int64_t number = strtoll(text, NULL, 10);
    free(text);
    return number;
}

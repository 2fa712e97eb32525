#ifndef HTTP_NEGOTIATE_H
#define HTTP_NEGOTIATE_H

#include "represent/writer.h"

/* What the client would rather have (RFC 9110 §12). Pure functions; a NULL header is an absent one.
 */

/* The best of `offered` (bits 1 << enum representation) under an Accept value; REPRESENTATIONS if
 * none is acceptable: 406. Equal weights: `preferred`, then the table's order. Plain bytes are not
 * negotiated. */
enum representation negotiate_representation(const char *accept, unsigned offered,
                                             enum representation preferred);

enum encoding { ENCODING_IDENTITY, ENCODING_GZIP, ENCODING_BROTLI, ENCODINGS };

/* Of equal weights the smallest: brotli, gzip, identity. Identity when nothing is acceptable, as
 * RFC 9110 §12.5.3 permits. */
enum encoding negotiate_encoding(const char *accept_encoding);

/* "gzip", "br"; NULL for identity. */
const char *encoding_name(enum encoding encoding);

/* True if an If-None-Match value names the quoted strong `etag` (weak comparison) or is "*". */
bool negotiate_unchanged(const char *if_none_match, const char *etag);

#endif

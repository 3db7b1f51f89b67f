// OpenSSL's X.509 engine for Swift: what is a macro in its headers becomes a function here.
// Linked beside BoringSSL (whose symbols swift-nio-ssl prefixes); used for certificates only, never for a TLS session.
#ifndef FED_COPENSSL_SHIM_H
#define FED_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// Access control lists of key files.
#include <sys/xattr.h>

static inline STACK_OF(X509) *fed_certificates_new(void) { return sk_X509_new_null(); }

/// Takes over the certificate; 0 when memory is out.
static inline int fed_certificates_add(STACK_OF(X509) *stack, X509 *certificate) {
    return sk_X509_push(stack, certificate);
}

/// Frees the certificates too.
static inline void fed_certificates_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }

static inline int fed_revoked_count(STACK_OF(X509_REVOKED) *stack) { return stack ? sk_X509_REVOKED_num(stack) : 0; }

static inline X509_REVOKED *fed_revoked_at(STACK_OF(X509_REVOKED) *stack, int index) {
    return sk_X509_REVOKED_value(stack, index);
}

/// Adds the authority key identifier that RFC 5280, section 5.2.1, wants in a revocation list.
static inline int fed_add_authority_key(X509_CRL *list, X509 *issuer) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, NULL, NULL, list, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, NID_authority_key_identifier, "keyid:always");
    if (extension == NULL) { return 0; }
    int added = X509_CRL_add_ext(list, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

static inline int fed_write_signature(BIO *output, CMS_ContentInfo *signature) { return PEM_write_bio_CMS(output, signature); }

#endif

// serve_message.h -- the options of `serve` by which people are told: mail and text messages, and what needs a second person.
//
// Secrets are never options: they would stand in the list of processes. They are read from a file, or from the environment
// (TONGZHOU_SMTP_PASSWORD, TONGZHOU_SMS_SECRET).
#ifndef TONG_CLI_SERVE_MESSAGE_H
#define TONG_CLI_SERVE_MESSAGE_H

#include "cli/cli.h"
#include "service/service.h"

struct serve_message {
    struct str smtp_url, mail_from, smtp_user, smtp_password_file, sms_hook_url, sms_secret_file, link;
    bool smtp_plain;
    int64_t restrict_most; // -1: as usual
};

// clang-format off
#define SERVE_MESSAGE_OPTIONS(at)                                                                                                          \
    {"smtp-url", CLI_TEXT, (at) + offsetof(struct serve_message, smtp_url), "URL",                                                          \
     LABEL("mail server: smtp://host:587 or smtps://host:465", "邮件服务器：smtp://主机:587 或 smtps://主机:465"), 0, 0},                      \
    {"mail-from", CLI_TEXT, (at) + offsetof(struct serve_message, mail_from), "ADDRESS", LABEL("sender of mails", "发件人地址"), 0, 0},       \
    {"smtp-user", CLI_TEXT, (at) + offsetof(struct serve_message, smtp_user), "USER", LABEL("user of the mail server", "邮件服务器用户名"), 0, 0}, \
    {"smtp-password-file", CLI_TEXT, (at) + offsetof(struct serve_message, smtp_password_file), "FILE",                                      \
     LABEL("file with its password (or TONGZHOU_SMTP_PASSWORD)", "存放邮件服务器密码的文件（或 TONGZHOU_SMTP_PASSWORD）"), 0, 0},            \
    {"smtp-plain", CLI_FLAG, (at) + offsetof(struct serve_message, smtp_plain), "",                                                          \
     LABEL("the mail server needs no TLS (it is on this machine)", "邮件服务器无需 TLS（位于本机）"), 0, 0},                                   \
    {"sms-hook-url", CLI_TEXT, (at) + offsetof(struct serve_message, sms_hook_url), "URL",                                                   \
     LABEL("gateway that sends text messages", "短信网关地址"), 0, 0},                                                                       \
    {"sms-secret-file", CLI_TEXT, (at) + offsetof(struct serve_message, sms_secret_file), "FILE",                                            \
     LABEL("file with the secret that signs what it is sent (or TONGZHOU_SMS_SECRET)", "存放短信网关签名密钥的文件（或 TONGZHOU_SMS_SECRET）"), 0, 0}, \
    {"restrict-most", CLI_INTEGER, (at) + offsetof(struct serve_message, restrict_most), "N",                                                \
     LABEL("people whom one account may restrict within an hour without a second person (5; 0: any number)",                                  \
           "单个账号一小时内可使多少人受到限制而无需第二人确认（默认 5；0 为不限）"), 0, 1000000}
// clang-format on

// Tells the service. False: it was said on cli->err what is wrong.
bool serve_message_set(struct cli *cli, struct service *s, const struct serve_message *m);

#endif

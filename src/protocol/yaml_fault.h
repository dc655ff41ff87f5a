// yaml_fault.h -- what can be wrong with a YAML file as such, and how a person is told. For yaml.c alone.
#ifndef TONG_PROTOCOL_YAML_FAULT_H
#define TONG_PROTOCOL_YAML_FAULT_H

#include "base/problem.h"

extern const struct message yaml_fault_large, yaml_fault_encoding, yaml_fault_utf16, yaml_fault_control,
    yaml_fault_empty, yaml_fault_documents, yaml_fault_anchor, yaml_fault_tag, yaml_fault_deep, yaml_fault_many,
    yaml_fault_key, yaml_fault_twice;

// The message for a fault as libyaml words it.
const struct message *yaml_fault_syntax(const char *what);

#endif

/*
 * A PKCS#11 module that passes every call on to a real one and misbehaves on demand.
 *
 * FAULTY_REAL    the real module
 * FAULTY_SCRIPT  a file read at every call; one fault a line: <function> <action> [number] [calls to spare first]
 * FAULTY_LOG     a file that gets the name of every call passed through here
 *
 * Actions: crash, hang, fail N (return N), gone (slot empty), flags N (add token flags), without N (hide a
 * mechanism), true N / false N (answer for attribute N), unwrap N (cut two octets off attribute N),
 * zero-serial (sixteen zeros), keypad (C_Login without a PIN gets the one in FAULTY_PIN).
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CK_PTR *
#define CK_DECLARE_FUNCTION(returnType, name) returnType name
#define CK_DECLARE_FUNCTION_POINTER(returnType, name) returnType(*name)
#define CK_CALLBACK_FUNCTION(returnType, name) returnType(*name)
#ifndef NULL_PTR
#define NULL_PTR 0
#endif
#include "pkcs11.h"

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST list;

enum { SLOTS = 64 };
static struct { char key[160]; int calls; } counters[SLOTS];

static int calls_before(const char *line) {
  for (int i = 0; i < SLOTS; i++) {
    if (counters[i].key[0] == 0) strncpy(counters[i].key, line, sizeof counters[i].key - 1);
    if (strncmp(counters[i].key, line, sizeof counters[i].key - 1) == 0) return counters[i].calls++;
  }
  return 0;
}

/* The fault scripted for this function and action, its number in *number. */
static int scripted(const char *function, const char *action, unsigned long *number) {
  const char *path = getenv("FAULTY_SCRIPT");
  FILE *script = path ? fopen(path, "r") : NULL;
  char line[160], name[80], verb[32];
  int found = 0;
  while (script && !found && fgets(line, sizeof line, script)) {
    long value = 0, spare = 0;
    if (sscanf(line, "%79s %31s %li %li", name, verb, &value, &spare) < 2) continue;
    if (strcmp(name, function) || strcmp(verb, action)) continue;
    if (spare > 0 && calls_before(line) < spare) continue;
    if (number) *number = (unsigned long)value;
    found = 1;
  }
  if (script) fclose(script);
  return found;
}

static void note(const char *function) {
  const char *path = getenv("FAULTY_LOG");
  FILE *log = path ? fopen(path, "a") : NULL;
  if (!log) return;
  fprintf(log, "%s\n", function);
  fclose(log);
}

#define ENTER(function)                                        \
  unsigned long scripted_value = CKR_OK;                       \
  note(function);                                              \
  if (scripted(function, "crash", NULL)) abort();              \
  if (scripted(function, "hang", NULL)) for (;;) pause();      \
  if (scripted(function, "fail", &scripted_value)) return scripted_value;

static CK_RV faulty_Initialize(CK_VOID_PTR args) { ENTER("C_Initialize") return real->C_Initialize(args); }

static CK_RV faulty_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  ENTER("C_GetSlotList")
  if (scripted("C_GetSlotList", "gone", NULL)) { *count = 0; return CKR_OK; }
  return real->C_GetSlotList(present, slots, count);
}

static CK_RV faulty_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info) {
  ENTER("C_GetSlotInfo")
  CK_RV rv = real->C_GetSlotInfo(slot, info);
  if (rv == CKR_OK && scripted("C_GetSlotInfo", "gone", NULL)) info->flags &= ~CKF_TOKEN_PRESENT;
  return rv;
}

static CK_RV faulty_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  ENTER("C_GetTokenInfo")
  unsigned long flags = 0;
  CK_RV rv = real->C_GetTokenInfo(slot, info);
  if (rv == CKR_OK && scripted("C_GetTokenInfo", "flags", &flags)) info->flags |= flags;
  if (rv == CKR_OK && scripted("C_GetTokenInfo", "zero-serial", NULL)) memset(info->serialNumber, '0', 16);
  return rv;
}

static CK_RV faulty_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR types, CK_ULONG_PTR count) {
  ENTER("C_GetMechanismList")
  unsigned long hidden = 0;
  CK_RV rv = real->C_GetMechanismList(slot, types, count);
  if (rv == CKR_OK && types && scripted("C_GetMechanismList", "without", &hidden))
    for (CK_ULONG i = 0; i < *count; i++) if (types[i] == hidden) types[i] = CKM_VENDOR_DEFINED;
  return rv;
}

static CK_RV faulty_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes, CK_ULONG count) {
  ENTER("C_GetAttributeValue")
  unsigned long type = 0;
  CK_RV rv = real->C_GetAttributeValue(session, object, attributes, count);
  for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++) {
    CK_ATTRIBUTE_PTR attribute = &attributes[i];
    if (attribute->pValue == NULL_PTR) continue;
    if (scripted("C_GetAttributeValue", "true", &type) && attribute->type == type) *(CK_BBOOL *)attribute->pValue = CK_TRUE;
    if (scripted("C_GetAttributeValue", "false", &type) && attribute->type == type) *(CK_BBOOL *)attribute->pValue = CK_FALSE;
    if (scripted("C_GetAttributeValue", "unwrap", &type) && attribute->type == type) {
      attribute->ulValueLen -= 2;
      memmove(attribute->pValue, (char *)attribute->pValue + 2, attribute->ulValueLen);
    }
  }
  return rv;
}

static CK_RV faulty_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session) {
  ENTER("C_OpenSession")
  return real->C_OpenSession(slot, flags, application, notify, session);
}

static CK_RV faulty_InitToken(CK_SLOT_ID slot, CK_UTF8CHAR_PTR pin, CK_ULONG length, CK_UTF8CHAR_PTR label) {
  ENTER("C_InitToken")
  return real->C_InitToken(slot, pin, length, label);
}

static CK_RV faulty_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  ENTER("C_Login")
  if (length == 0 && scripted("C_Login", "keypad", NULL)) {
    pin = (CK_UTF8CHAR_PTR)getenv("FAULTY_PIN");
    length = strlen((char *)pin);
  }
  return real->C_Login(session, user, pin, length);
}

static CK_RV faulty_InitPIN(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  ENTER("C_InitPIN")
  return real->C_InitPIN(session, pin, length);
}

static CK_RV faulty_SetPIN(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR old, CK_ULONG oldLength, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  ENTER("C_SetPIN")
  return real->C_SetPIN(session, old, oldLength, pin, length);
}

static CK_RV faulty_GenerateKeyPair(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR publicTemplate, CK_ULONG publicCount, CK_ATTRIBUTE_PTR privateTemplate, CK_ULONG privateCount, CK_OBJECT_HANDLE_PTR publicKey, CK_OBJECT_HANDLE_PTR privateKey) {
  ENTER("C_GenerateKeyPair")
  return real->C_GenerateKeyPair(session, mechanism, publicTemplate, publicCount, privateTemplate, privateCount, publicKey, privateKey);
}

static CK_RV faulty_SignInit(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  ENTER("C_SignInit")
  return real->C_SignInit(session, mechanism, key);
}

static CK_RV faulty_Sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature, CK_ULONG_PTR signatureLength) {
  unsigned long code = CKR_OK;
  CK_RV rv;
  note("C_Sign");
  if (scripted("C_Sign", "crash", NULL)) abort();
  if (scripted("C_Sign", "hang", NULL)) for (;;) pause();
  /* A failing C_Sign ends the operation, so the real one has to be called. */
  rv = real->C_Sign(session, data, length, signature, signatureLength);
  return scripted("C_Sign", "fail", &code) ? code : rv;
}

static CK_RV faulty_CreateObject(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count, CK_OBJECT_HANDLE_PTR object) {
  ENTER("C_CreateObject")
  return real->C_CreateObject(session, attributes, count, object);
}

static CK_RV faulty_DestroyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  ENTER("C_DestroyObject")
  return real->C_DestroyObject(session, object);
}

static CK_RV faulty_SetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes, CK_ULONG count) {
  ENTER("C_SetAttributeValue")
  return real->C_SetAttributeValue(session, object, attributes, count);
}

static CK_RV faulty_FindObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count) {
  ENTER("C_FindObjectsInit")
  return real->C_FindObjectsInit(session, attributes, count);
}

static CK_RV faulty_Finalize(CK_VOID_PTR reserved) { ENTER("C_Finalize") return real->C_Finalize(reserved); }

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR functions) {
  ENTER("C_GetFunctionList")
  void *library = dlopen(getenv("FAULTY_REAL"), RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get = library ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
  if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  list = *real;
  list.C_Initialize = faulty_Initialize;
  list.C_GetSlotList = faulty_GetSlotList;
  list.C_GetSlotInfo = faulty_GetSlotInfo;
  list.C_GetTokenInfo = faulty_GetTokenInfo;
  list.C_GetMechanismList = faulty_GetMechanismList;
  list.C_GetAttributeValue = faulty_GetAttributeValue;
  list.C_OpenSession = faulty_OpenSession;
  list.C_InitToken = faulty_InitToken;
  list.C_Login = faulty_Login;
  list.C_InitPIN = faulty_InitPIN;
  list.C_SetPIN = faulty_SetPIN;
  list.C_GenerateKeyPair = faulty_GenerateKeyPair;
  list.C_SignInit = faulty_SignInit;
  list.C_Sign = faulty_Sign;
  list.C_CreateObject = faulty_CreateObject;
  list.C_DestroyObject = faulty_DestroyObject;
  list.C_SetAttributeValue = faulty_SetAttributeValue;
  list.C_FindObjectsInit = faulty_FindObjectsInit;
  list.C_Finalize = faulty_Finalize;
  *functions = &list;
  return CKR_OK;
}

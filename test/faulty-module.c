/*
 * A PKCS#11 module that passes every call on to a real one and misbehaves on demand.
 *
 * FAULTY_REAL    the real module
 * FAULTY_SCRIPT  a file read at every call; one fault a line: <calls> <action> [number] [calls to spare first]
 * FAULTY_LOG     a file that gets a line of 64 octets for every call: its function, for C_Login a digest of the PIN
 *
 * Calls: a function; * for every one; #k for the k-th line of FAULTY_LOG, counted from 0 over all processes.
 *
 * Actions: crash, hang, fail N (return N), late N (do it, then return N), slow N (milliseconds first), pulled (N is the
 * line of FAULTY_LOG from which on the token is out), gone (slot empty), flags N (add token flags), without N (hide a
 * mechanism), true N / false N (answer for attribute N), unwrap N (cut two octets off attribute N), longer / shorter
 * (the length or number given back is off by three; a longer one does not fit the caller's buffer), several N (return N
 * when more than one attribute is asked for), zero-serial (sixteen zeros), keypad (C_Login without a PIN gets the one in FAULTY_PIN).
 */
#include <dlfcn.h>
#include <fcntl.h>
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

enum { COUNTERS = 64, FAULTS = 16, RECORD = 64 };
static struct { char key[160]; int calls; } counters[COUNTERS];

/* The faults of the call being made. */
static __thread struct { char action[32]; unsigned long number; } faults[FAULTS];
static __thread int faultCount;

static int calls_before(const char *line) {
  for (int i = 0; i < COUNTERS; i++) {
    if (counters[i].key[0] == 0) strncpy(counters[i].key, line, sizeof counters[i].key - 1);
    if (strncmp(counters[i].key, line, sizeof counters[i].key - 1) == 0) return counters[i].calls++;
  }
  return 0;
}

/* Appends the call to the record. Returns its line. */
static long note(const char *function, const char *digest) {
  const char *path = getenv("FAULTY_LOG");
  int file = path ? open(path, O_WRONLY | O_APPEND | O_CREAT, 0600) : -1;
  char line[RECORD + 1];
  if (file < 0) return -1;
  snprintf(line, sizeof line, "%-40s%-23s\n", function, digest);
  if (write(file, line, RECORD) != RECORD) abort();
  long end = lseek(file, 0, SEEK_CUR);
  close(file);
  return end / RECORD - 1;
}

static int is_meant(const char *name, const char *function, long index) {
  return strcmp(name, function) == 0 || strcmp(name, "*") == 0 || (name[0] == '#' && atol(name + 1) == index);
}

static void read_faults(const char *function, long index) {
  const char *path = getenv("FAULTY_SCRIPT");
  FILE *script = path ? fopen(path, "r") : NULL;
  char line[160], name[80], action[32];
  faultCount = 0;
  while (script && faultCount < FAULTS && fgets(line, sizeof line, script)) {
    long number = 0, spare = 0;
    if (sscanf(line, "%79s %31s %li %li", name, action, &number, &spare) < 2) continue;
    if (!is_meant(name, function, index)) continue;
    if (spare > 0 && calls_before(line) < spare) continue;
    if (strcmp(action, "pulled") == 0 && index < number) continue;
    strcpy(faults[faultCount].action, action);
    faults[faultCount++].number = (unsigned long)number;
  }
  if (script) fclose(script);
}

/* True when the present call has a fault with this action; its number in *number. */
static int scripted(const char *action, unsigned long *number) {
  for (int i = 0; i < faultCount; i++) {
    if (strcmp(faults[i].action, action)) continue;
    if (number) *number = faults[i].number;
    return 1;
  }
  return 0;
}

/* What happens before the call: true with *rv set when it goes no further. */
static int stopped(const char *function, const char *digest, CK_RV *rv) {
  long index = note(function, digest);
  unsigned long number = 0;
  read_faults(function, index);
  if (scripted("crash", NULL)) abort();
  if (scripted("hang", NULL)) for (;;) pause();
  if (scripted("slow", &number)) usleep(1000 * number);
  if (scripted("pulled", &number)) {
    int lives_on = !strcmp(function, "C_Initialize") || !strcmp(function, "C_Finalize") ||
                   !strcmp(function, "C_GetSlotList") || !strcmp(function, "C_GetSlotInfo");
    *rv = CKR_DEVICE_REMOVED;
    return (unsigned long)index == number || !lives_on;
  }
  return scripted("fail", rv);
}

/* What the caller is told of a call that was made. */
static CK_RV told(CK_RV rv) {
  unsigned long number = 0;
  return scripted("late", &number) ? number : rv;
}

/* A length or number as the caller is told it. */
static void bend(CK_ULONG_PTR length) {
  if (scripted("longer", NULL)) *length += 3;
  if (scripted("shorter", NULL)) *length = *length > 3 ? *length - 3 : 0;
}

/* What a call that filled the caller's buffer says when it claims to have more. */
static CK_RV filled(const void *buffer, CK_RV rv) {
  return rv == CKR_OK && buffer && scripted("longer", NULL) ? CKR_BUFFER_TOO_SMALL : told(rv);
}

#define DIGEST(function, digest) CK_RV stop; if (stopped(function, digest, &stop)) return stop;
#define ENTER(function) DIGEST(function, "")
/* A call that only passes through. */
#define PASS(name, parameters, arguments) \
  static CK_RV faulty_##name parameters { ENTER("C_" #name) return told(real->C_##name arguments); }

PASS(Initialize, (CK_VOID_PTR args), (args))
PASS(Finalize, (CK_VOID_PTR reserved), (reserved))
PASS(GetInfo, (CK_INFO_PTR info), (info))
PASS(GetMechanismInfo, (CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info), (slot, type, info))
PASS(OpenSession, (CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session),
     (slot, flags, application, notify, session))
PASS(CloseSession, (CK_SESSION_HANDLE session), (session))
PASS(Logout, (CK_SESSION_HANDLE session), (session))
PASS(InitToken, (CK_SLOT_ID slot, CK_UTF8CHAR_PTR pin, CK_ULONG length, CK_UTF8CHAR_PTR label), (slot, pin, length, label))
PASS(InitPIN, (CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR pin, CK_ULONG length), (session, pin, length))
PASS(SetPIN, (CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR old, CK_ULONG oldLength, CK_UTF8CHAR_PTR pin, CK_ULONG length),
     (session, old, oldLength, pin, length))
PASS(GenerateKeyPair, (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR publicTemplate, CK_ULONG publicCount, CK_ATTRIBUTE_PTR privateTemplate, CK_ULONG privateCount, CK_OBJECT_HANDLE_PTR publicKey, CK_OBJECT_HANDLE_PTR privateKey),
     (session, mechanism, publicTemplate, publicCount, privateTemplate, privateCount, publicKey, privateKey))
PASS(SignInit, (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key), (session, mechanism, key))
PASS(CreateObject, (CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count, CK_OBJECT_HANDLE_PTR object),
     (session, attributes, count, object))
PASS(DestroyObject, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object), (session, object))
PASS(SetAttributeValue, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes, CK_ULONG count),
     (session, object, attributes, count))
PASS(FindObjectsInit, (CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count), (session, attributes, count))
PASS(FindObjectsFinal, (CK_SESSION_HANDLE session), (session))

static CK_RV faulty_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  ENTER("C_GetSlotList")
  if (scripted("gone", NULL)) { *count = 0; return CKR_OK; }
  CK_RV rv = real->C_GetSlotList(present, slots, count);
  bend(count);
  return filled(slots, rv);
}

static CK_RV faulty_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info) {
  ENTER("C_GetSlotInfo")
  CK_RV rv = real->C_GetSlotInfo(slot, info);
  if (rv == CKR_OK && (scripted("gone", NULL) || scripted("pulled", NULL))) info->flags &= ~CKF_TOKEN_PRESENT;
  return told(rv);
}

static CK_RV faulty_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  ENTER("C_GetTokenInfo")
  unsigned long flags = 0;
  CK_RV rv = real->C_GetTokenInfo(slot, info);
  if (rv == CKR_OK && scripted("flags", &flags)) info->flags |= flags;
  if (rv == CKR_OK && scripted("zero-serial", NULL)) memset(info->serialNumber, '0', 16);
  return told(rv);
}

static CK_RV faulty_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR types, CK_ULONG_PTR count) {
  ENTER("C_GetMechanismList")
  unsigned long hidden = 0;
  CK_RV rv = real->C_GetMechanismList(slot, types, count);
  if (rv == CKR_OK && types && scripted("without", &hidden))
    for (CK_ULONG i = 0; i < *count; i++) if (types[i] == hidden) types[i] = CKM_VENDOR_DEFINED;
  bend(count);
  return filled(types, rv);
}

static CK_RV faulty_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes, CK_ULONG count) {
  ENTER("C_GetAttributeValue")
  unsigned long type = 0, several = 0;
  if (count > 1 && scripted("several", &several)) return several;
  CK_RV rv = real->C_GetAttributeValue(session, object, attributes, count);
  for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++) {
    CK_ATTRIBUTE_PTR attribute = &attributes[i];
    bend(&attribute->ulValueLen);
    if (attribute->pValue == NULL_PTR) continue;
    if (scripted("true", &type) && attribute->type == type) *(CK_BBOOL *)attribute->pValue = CK_TRUE;
    if (scripted("false", &type) && attribute->type == type) *(CK_BBOOL *)attribute->pValue = CK_FALSE;
    if (scripted("unwrap", &type) && attribute->type == type) {
      attribute->ulValueLen -= 2;
      memmove(attribute->pValue, (char *)attribute->pValue + 2, attribute->ulValueLen);
    }
  }
  return filled(count > 0 ? attributes[0].pValue : NULL_PTR, rv);
}

static CK_RV faulty_FindObjects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR objects, CK_ULONG most, CK_ULONG_PTR count) {
  ENTER("C_FindObjects")
  CK_RV rv = real->C_FindObjects(session, objects, most, count);
  if (rv == CKR_OK) bend(count);
  return told(rv);
}

/* FNV-1a: enough to see the same PIN twice. */
static void digest_of(const unsigned char *pin, CK_ULONG length, char text[17]) {
  unsigned long long hash = 0xcbf29ce484222325ULL;
  for (CK_ULONG i = 0; i < length; i++) hash = (hash ^ pin[i]) * 0x100000001b3ULL;
  snprintf(text, 17, "%016llx", hash);
}

static CK_RV faulty_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  char digest[17] = "";
  digest_of(pin, length, digest);
  DIGEST("C_Login", digest)
  if (length == 0 && scripted("keypad", NULL)) {
    pin = (CK_UTF8CHAR_PTR)getenv("FAULTY_PIN");
    length = strlen((char *)pin);
  }
  return told(real->C_Login(session, user, pin, length));
}

static CK_RV faulty_Sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature, CK_ULONG_PTR signatureLength) {
  CK_RV stop = CKR_OK;
  int stops = stopped("C_Sign", "", &stop);
  /* A failing C_Sign ends the operation, so the real one has to be called. */
  CK_RV rv = real->C_Sign(session, data, length, signature, signatureLength);
  if (rv == CKR_OK) bend(signatureLength);
  return stops ? stop : told(rv);
}

#define REPLACE(name) list.C_##name = faulty_##name;

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR functions) {
  ENTER("C_GetFunctionList")
  void *library = dlopen(getenv("FAULTY_REAL"), RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get = library ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
  if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  list = *real;
  REPLACE(Initialize) REPLACE(Finalize) REPLACE(GetInfo) REPLACE(GetSlotList) REPLACE(GetSlotInfo) REPLACE(GetTokenInfo)
  REPLACE(GetMechanismList) REPLACE(GetMechanismInfo) REPLACE(OpenSession) REPLACE(CloseSession) REPLACE(Login)
  REPLACE(Logout) REPLACE(InitToken) REPLACE(InitPIN) REPLACE(SetPIN) REPLACE(GenerateKeyPair) REPLACE(SignInit)
  REPLACE(Sign) REPLACE(CreateObject) REPLACE(DestroyObject) REPLACE(GetAttributeValue) REPLACE(SetAttributeValue)
  REPLACE(FindObjectsInit) REPLACE(FindObjects) REPLACE(FindObjectsFinal)
  *functions = &list;
  return told(CKR_OK);
}

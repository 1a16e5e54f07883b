// What computes the checker's constants (SemaOptions.evaluator): functions are lowered as evaluation reaches them, and
// run on pure machines.
#ifndef JANUS_INTERP_CONSTEVAL_H
#define JANUS_INTERP_CONSTEVAL_H

#include "sema/sema.h"

extern const ConstEvaluator interp_evaluator;

#endif

// RUN: aicc-opt %s --split-input-file --verify-diagnostics --load-pass-plugin=%S/Inputs/passes.py --test-tag=loud > /dev/null

// expected-remark @below {{'func.func' op tagged with seen}}
// expected-note @below {{capitals}}
func.func @remarks() {
  return
}

// -----

func.func @errors() {
  missing // expected-error {{custom op 'missing' is unknown}}
}

// -----

func.func @regular_expression() {
  // expected-error-re @+1 {{custom op '{{[a-z]+}}' is}}
  missing
}

// -----

func.func @above() {
  "func.return"() {operands} : () -> (i32)
  // expected-error @above {{op requires zero results}}
}

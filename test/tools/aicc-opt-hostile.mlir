// Broken input ends with a message and code 1: no crash, no traceback.

// RUN: %python -c "print('module {' * 5000 + '}' * 5000)" | not aicc-opt 2>&1 | FileCheck %s --check-prefix=DEEP
// DEEP: error: the input is nested more than 500 deep

// RUN: %python -c "import sys; sys.stdout.buffer.write(bytes([109, 255, 254]))" | not aicc-opt 2>&1 | FileCheck %s --check-prefix=TEXT
// TEXT: error: cannot read '-': not UTF-8 text, nor MLIR bytecode (byte 1)

// RUN: %python -c "import sys; sys.stdout.buffer.write(b'ML\xefR' + bytes(range(200)))" | not aicc-opt 2>&1 | FileCheck %s --check-prefix=BYTECODE
// BYTECODE-NOT: Traceback
// BYTECODE: error:

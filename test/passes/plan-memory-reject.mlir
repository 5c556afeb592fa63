// RUN: not aicc-opt %s --plan-memory='algorithm=magic' 2>&1 | filecheck %s

// CHECK: no algorithm is called 'magic' (naive, share, best-fit)
func.func @main() {
  return
}

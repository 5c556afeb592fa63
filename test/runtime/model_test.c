// The C interface on a real artefact, y = relu(x w + b) for x of shape [2, 16] and [5, 16]: what
// can be asked, what is refused, and runs from several threads at once.
//   model_test FILE
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "aicc.h"
#include "files.h"

enum { WIDTH = 16, RESULTS = 8, THREADS = 4, RUNS = 200 };

static const int64_t dims_of_2[] = {2, WIDTH}, dims_of_3[] = {3, WIDTH}, dims_of_5[] = {5, WIDTH};
static char error[256];

static aicc_tensor input_of(const int64_t *dims, float *data) {
  return (aicc_tensor){"", AICC_FLOAT32, 2, dims, data};
}

static void test_questions(aicc_model *model) {
  aicc_tensor tensor;
  CHECK(aicc_input_count(model) == 1 && aicc_output_count(model) == 1);
  CHECK(aicc_specialisation_count(model) == 2);
  CHECK(aicc_input(model, 0, &tensor) == 0 && strcmp(tensor.name, "x") == 0);
  CHECK(tensor.dtype == AICC_FLOAT32 && tensor.rank == 2 && tensor.data == NULL);
  CHECK(tensor.dims[0] == -1 && tensor.dims[1] == WIDTH);
  CHECK(strcmp(aicc_dim_name(model, 0, 0), "batch") == 0 && aicc_dim_name(model, 0, 1) == NULL);
  CHECK(strcmp(aicc_output_name(model, 0), "y") == 0);
  CHECK(aicc_output(model, 1, 0, &tensor) == 0 && tensor.dims[0] == 5 && tensor.rank == 2);
  CHECK(aicc_tensor_bytes(&tensor) == 5 * RESULTS * sizeof(float));
  CHECK(aicc_input_of(model, 0, 0, &tensor) == 0 && tensor.dims[0] == 2);
  CHECK(aicc_input(model, 1, &tensor) == -1 && aicc_input(model, -1, &tensor) == -1);
  CHECK(aicc_output(model, 2, 0, &tensor) == -1 && aicc_output(model, 0, 1, &tensor) == -1);
  CHECK(aicc_input_of(model, -1, 0, &tensor) == -1 && aicc_output_name(model, 1) == NULL);
  CHECK(aicc_dim_name(model, 0, 2) == NULL && aicc_dim_name(model, 1, 0) == NULL);
  CHECK(strcmp(aicc_dtype_name(AICC_BFLOAT16), "bfloat16") == 0 && aicc_dtype_bytes(99) == 0);
}

static void check_refusal(aicc_model *model, aicc_tensor input, aicc_tensor output,
                          const char *reason) {
  CHECK(aicc_run(model, &input, &output, error, sizeof error) == -1);
  if (strstr(error, reason) == NULL)
    fprintf(stderr, "expected '%s' in '%s'\n", reason, error);
  CHECK(strstr(error, reason) != NULL);
  CHECK(aicc_run(model, &input, &output, NULL, 0) == -1);
}

static void test_refusals(aicc_model *model) {
  float x[5 * WIDTH] = {0}, y[5 * RESULTS];
  aicc_tensor input = input_of(dims_of_2, x), output, changed;
  CHECK(aicc_output(model, 0, 0, &output) == 0);
  output.data = y;
  check_refusal(model, input_of(dims_of_3, x), output,
                "not compiled for these inputs, but for x float32 [2, 16]; or x float32 [5, 16]");
  check_refusal(model, input_of(dims_of_2, NULL), output, "input 'x' has no data");
  check_refusal(model, input_of(dims_of_2, (float *)((char *)x + 1)), output, "not aligned");
  changed = input, changed.dtype = AICC_INT32;
  check_refusal(model, changed, output, "input 'x' is float32 [?, 16], got int32 [2, 16]");
  changed = input, changed.rank = 1;
  check_refusal(model, changed, output, "got float32 [2]");
  changed = output, changed.dims = dims_of_2;
  check_refusal(model, input, changed, "output 'y' is float32 [2, 8], got float32 [2, 16]");
  changed = output, changed.data = NULL;
  check_refusal(model, input, changed, "output 'y' has no data");
}

struct job {
  aicc_model *model;
  const int64_t *dims;
  _Atomic int wrong;
};

static void run_once(const struct job *job, float value, float *y) {
  float x[5 * WIDTH];
  for (int i = 0; i < 5 * WIDTH; ++i)
    x[i] = value;
  aicc_tensor input = input_of(job->dims, x), output;
  int32_t chosen = aicc_select(job->model, &input, NULL, 0);
  CHECK(aicc_output(job->model, chosen, 0, &output) == 0);
  output.data = y;
  CHECK(aicc_run(job->model, &input, &output, NULL, 0) == 0);
}

// The same input gives the same result, whatever other threads do.
static void *run_often(void *arg) {
  struct job *job = arg;
  float value = (float)job->dims[0] / 3, expected[5 * RESULTS] = {0}, y[5 * RESULTS] = {0};
  run_once(job, value, expected);
  for (int i = 0; i < RUNS; ++i) {
    run_once(job, value, y);
    job->wrong += memcmp(y, expected, sizeof y) != 0;
  }
  return NULL;
}

static void test_threads(aicc_model *model) {
  struct job jobs[] = {{model, dims_of_2, 0}, {model, dims_of_5, 0}};
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; ++i)
    CHECK(pthread_create(&threads[i], NULL, run_often, &jobs[i % 2]) == 0);
  for (int i = 0; i < THREADS; ++i)
    pthread_join(threads[i], NULL);
  CHECK(jobs[0].wrong == 0 && jobs[1].wrong == 0);
}

int main(int argc, char **argv) {
  aicc_model *model;
  CHECK(argc == 2);
  CHECK(aicc_load("/no/such/file", &model, error, sizeof error) == -1 && model == NULL);
  CHECK(strstr(error, "No such file") != NULL);
  CHECK(aicc_load("/", &model, error, 5) == -1 && strcmp(error, "it i") == 0);
  CHECK(aicc_load(argv[1], &model, error, sizeof error) == 0);
  test_questions(model);
  test_refusals(model);
  test_threads(model);
  aicc_free(model);
  aicc_free(NULL);
  return 0;
}

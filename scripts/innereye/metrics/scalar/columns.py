"""What are the columns and files of a scalar model's results called?"""

from innereye.names import DATA_SPLIT, SUBJECT

PREDICTION_TARGET = "prediction_target"
MODEL_OUTPUT = "model_output"
LABEL = "label"
EPOCH = "epoch"
FOLD = "cross_validation_split_index"

MODEL_OUTPUTS_COLUMNS = (SUBJECT, PREDICTION_TARGET, LABEL, MODEL_OUTPUT, FOLD)
INFERENCE_COLUMNS = (PREDICTION_TARGET, SUBJECT, MODEL_OUTPUT, LABEL, EPOCH, FOLD, DATA_SPLIT)
TRAINING_COLUMNS = (EPOCH, SUBJECT, PREDICTION_TARGET, MODEL_OUTPUT, LABEL, DATA_SPLIT, FOLD)
# The table of all folds: a row's output comes last.
ALL_RUNS_COLUMNS = (PREDICTION_TARGET, SUBJECT, LABEL, EPOCH, FOLD, DATA_SPLIT, MODEL_OUTPUT)

MODEL_OUTPUTS_CSV = "model_outputs.csv"
METRICS_AGGREGATES_CSV = "metrics_aggregates.csv"
CONFIDENCE_INTERVALS_CSV = "confidence_intervals.csv"

# The target of a model that gives its classes no names.
DEFAULT_TARGET = "Default"
# The column of the fold holds this where there is none, and for an ensemble.
NO_FOLD = -1
# What files of the original have for an epoch after training.
BEST_VALIDATION_EPOCH = "best_validation_epoch"

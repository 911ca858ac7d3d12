"""How does a scalar model read its table? By its fields, and by its own label transforms."""

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.fields.scalar_data import ScalarDataFields
from innereye.configs.fields.scalar_training import ScalarLossFields
from innereye.data.scalar.layout import Layout, layout_of


class LayoutFields(ScalarDataFields, ScalarLossFields):
    """The fields, of a model or of a stage, that say how items are read."""


def layout_of_model(fields: LayoutFields, model: ScalarModelBase) -> Layout:
    """Return the layout; `model` is asked for its own label transforms alone."""
    return layout_of(
        fields,
        is_regression=fields.is_regression,
        label_transforms=model.get_label_transforms(),
    )

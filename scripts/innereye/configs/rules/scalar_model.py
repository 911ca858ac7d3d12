"""Do network, loss, images and labels of a scalar model suit each other?"""

from typing import TYPE_CHECKING

from innereye.architectures import Size
from innereye.configs.fields.scalar_training import CUSTOM
from innereye.configs.rules.naming import lacks_data
from innereye.configs.scalar_shape import scalar_shape
from innereye.names import EnsembleAggregationType, NormMethod
from innereye.scalar_architectures.faults import scalar_shape_faults
from innereye.scalar_names import ImagingFeatureType, ScalarArchitecture, ScalarLoss

if TYPE_CHECKING:
    from innereye.configs.classification.ScalarModelBase import ScalarModelBase

STILL = (0.0, 0.0, 0.0)
HOOKS_OF_CUSTOM_LOSS = "get_loss_function"


def has_data_set(model: "ScalarModelBase") -> list[str]:
    """A model needs a data set, and one folder is all that it reads."""
    complaints = lacks_data(model, is_whole=not type(model).__name__.endswith("Base"))
    if model.extra_local_dataset_paths:
        complaints.append(
            "extra_local_dataset_paths is given, and a scalar model reads one data set: join the tables."
        )
    return complaints


def network_can_be_built(model: "ScalarModelBase") -> list[str]:
    """The numbers of the network are possible, as far as they are known before the data set is read."""
    features = len(model.numerical_columns) + len(model.categorical_columns)
    if model.makes_own_network or not (features or model.number_of_images):
        return []
    shape = scalar_shape(model, num_features=features, image_size=stated_size(model))
    faults = scalar_shape_faults(shape)
    # Where the size comes from the images, it is known once they are read.
    return [
        each for each in faults if stated_size(model) or "needs image_size, the one" not in each
    ]


def stated_size(model: "ScalarModelBase") -> Size | None:
    """Return the size (Z, Y, X) to which the fields bring images; None where it depends on the files."""
    return model.center_crop_size or model.image_size


def loss_suits_labels(model: "ScalarModelBase") -> list[str]:
    """A custom loss is there; exclusive classes are several; labels of yes and no can be smoothed."""
    loss, complaints = model.loss_type, []
    if loss in CUSTOM and model.get_loss_function() is None:
        complaints.append(
            f"loss_type {loss} needs a loss of the model's own: override {HOOKS_OF_CUSTOM_LOSS}."
        )
    if loss == ScalarLoss.EXCLUSIVE_CROSS_ENTROPY and len(model.class_names) < 2:
        complaints.append(f"loss_type {loss} needs at least two class_names.")
    if model.label_smoothing_eps >= 0.5 or (model.label_smoothing_eps and model.is_regression):
        complaints.append(
            "label_smoothing_eps needs a number below 0.5, and labels of classes; got "
            f"{model.label_smoothing_eps:g} with loss_type {loss}."
        )
    return complaints


def classes_can_be_balanced(model: "ScalarModelBase") -> list[str]:
    """Items are drawn by the classes of one target."""
    if not model.use_imbalanced_sampler_for_training:
        return []
    if model.is_regression or len(model.class_names) > 1:
        return [
            "use_imbalanced_sampler_for_training draws items by yes and no of one target; it has no "
            "meaning for a regression, or for several class_names."
        ]
    return []


def segmentations_are_read(model: "ScalarModelBase") -> list[str]:
    """Who looks at segmentations reads them, and moves them no other way than the images."""
    complaints = []
    looks = model.imaging_feature_type != ImagingFeatureType.IMAGE
    if looks and not model.load_segmentation and not model.makes_own_network:
        complaints.append(
            f"imaging_feature_type {model.imaging_feature_type} needs load_segmentation=True."
        )
    if model.load_segmentation and moves_images(model):
        complaints.append(
            "random_rotation_degrees, random_scaling, random_shift and random_flip_axes move images only; "
            "with load_segmentation, move both in get_image_transform and get_segmentation_transform."
        )
    return complaints


def moves_images(model: "ScalarModelBase") -> bool:
    """Do the random changes move voxels?"""
    is_still = model.random_rotation_degrees == STILL and model.random_shift == STILL
    return bool(model.random_flip_axes) or model.random_scaling != (1.0, 1.0) or not is_still


def frozen_encoder_is_given(model: "ScalarModelBase") -> list[str]:
    """An encoder that is not trained has weights from elsewhere."""
    if not model.freeze_encoder or model.pretrained_encoder is not None:
        return []
    return [
        "freeze_encoder keeps the weights of an encoder that is given; name pretrained_encoder."
    ]


def pretrained_encoder_is_there(model: "ScalarModelBase") -> list[str]:
    """The file with the weights of the encoder exists, and a network with an encoder takes them."""
    place = model.pretrained_encoder
    if place is None:
        return []
    if model.architecture == ScalarArchitecture.MLP or not model.number_of_images:
        return ["pretrained_encoder is given, and a model without images has no encoder."]
    return [] if place.is_file() else [f"pretrained_encoder {place} does not exist."]


def ensemble_is_a_mean(model: "ScalarModelBase") -> list[str]:
    """Members of an ensemble have no votes, as a posterior has no winner."""
    if model.ensemble_aggregation_type == EnsembleAggregationType.AVERAGE:
        return []
    return [
        "ensemble_aggregation_type of a scalar model is Average: the mean of its members' outputs."
    ]


def images_can_be_normalised(model: "ScalarModelBase") -> list[str]:
    """'MRI Window' has one tail for each image."""
    tails = len(model.tail or [])
    if model.norm_method != NormMethod.MRI_WINDOW or tails == model.number_of_images:
        return []
    images = model.number_of_images
    return [f"norm_method 'MRI Window' needs tail, one number for each of {images} images."]


SCALAR_MODEL_RULES = (
    has_data_set,
    network_can_be_built,
    loss_suits_labels,
    classes_can_be_balanced,
    segmentations_are_read,
    frozen_encoder_is_given,
    pretrained_encoder_is_there,
    ensemble_is_a_mean,
    images_can_be_normalised,
)

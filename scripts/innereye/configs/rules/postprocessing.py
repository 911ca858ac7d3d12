"""Do the fields of inference and of post-processing agree with the structures?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


def mirror_axes_are_distinct(model: "SegmentationModelBase") -> list[str]:
    """An axis is mirrored once."""
    axes = list(model.inference_mirror_axes)
    if len(set(axes)) == len(axes):
        return []
    return [f"inference_mirror_axes must name each axis once; got {','.join(axes)}."]


def mirrored_axes_are_learnt(model: "SegmentationModelBase") -> list[str]:
    """A network that never saw a mirrored image says nothing sensible of one."""
    unknown = [axis for axis in model.inference_mirror_axes if axis not in model.random_flip_axes]
    if not unknown:
        return []
    return [
        f"inference_mirror_axes has {','.join(unknown)}, along which training mirrors no crop; "
        "add it to random_flip_axes, or leave it out."
    ]


def post_processing_knows_its_structures(model: "SegmentationModelBase") -> list[str]:
    """Rules and lists name structures of the model, different ones within a rule."""
    used: list[tuple[str, list[str]]] = [
        ("largest_connected_component_foreground_classes", [part.structure])
        for part in model.largest_connected_component_foreground_classes or []
    ]
    if not model.disable_extra_postprocessing:
        used += [
            ("slice_exclusion_rules", [rule.higher_class, rule.lower_class])
            for rule in model.slice_exclusion_rules
        ]
        used += [
            ("summed_probability_rules", list(rule)) for rule in model.summed_probability_rules
        ]
    structures = ", ".join(model.ground_truth_ids)
    complaints: list[str] = []
    for field, names in used:
        complaints += [
            f"{field} names '{name}', which is not one of ground_truth_ids: {structures}."
            for name in dict.fromkeys(names)
            if name not in model.ground_truth_ids
        ]
        if len(set(names)) < len(names):
            complaints.append(f"A rule of {field} names a structure twice: {', '.join(names)}.")
    return list(dict.fromkeys(complaints))


def components_are_listed_once(model: "SegmentationModelBase") -> list[str]:
    """A structure has one threshold."""
    names = [part.structure for part in model.largest_connected_component_foreground_classes or []]
    return [
        f"largest_connected_component_foreground_classes names '{name}' twice."
        for name in sorted({name for name in names if names.count(name) > 1})
    ]

"""Does a file compute the network in another program, on sizes that it was not drawn with?"""

import sys
import warnings

import onnx
import onnxruntime
import pytest
import torch

from innereye.architectures import sizes_of
from innereye.errors import ExportError
from innereye.inference.export_formats import require_libraries, run_network, write_network
from innereye.models.build import build_model
from innereye.models.portable import portable
from innereye.names import ExportFormat

NETWORKS = [
    ("UNet3D", "BatchNorm"),
    ("UNet3D", "InstanceNorm"),
    ("UNet2D", "BatchNorm"),
    ("UNet2D", "InstanceNorm"),
    ("ResidualUNet3D", "BatchNorm"),
    ("ResidualUNet3D", "InstanceNorm"),
    ("Basic", "BatchNorm"),
    ("Basic", "InstanceNorm"),
    ("PassThrough", "BatchNorm"),
]
# ONNX takes seconds to draw: one network in each run of the tests, all of them in `make slow`.
DRAWN = ("UNet3D", "InstanceNorm")


def build(architecture, layer="BatchNorm", seed=1):
    return build_model(
        architecture=architecture,
        input_channels=2,
        num_classes=3,
        feature_channels=[2] * 8,
        num_downsampling_paths=1,
        normalisation_layer=layer,
        num_residual_blocks=[1],
        deep_supervision=None,
        seed=seed,
    ).eval()


def write(path, network, architecture, export_format):
    sizes = sizes_of(architecture, kernel_size=3, num_downsampling_paths=1)
    write_network(portable(network), path, export_format=export_format, sizes=sizes, channels=2)
    return path


def inputs(architecture):
    """Batches and sizes that no file was drawn with: a small, a long and a larger one."""
    shapes = [(1, (2, 4, 2)), (3, (2, 10, 6)), (2, (16, 12, 14))]
    less = 28 if architecture == "Basic" else 0
    generator = torch.Generator().manual_seed(4)
    for batch, size in shapes:
        yield torch.randn(batch, 2, *(length + less for length in size), generator=generator)


def require_equal(run, network, architecture):
    with torch.no_grad():
        for images in inputs(architecture):
            wanted = network(images).softmax(dim=1)
            torch.testing.assert_close(run(images), wanted, rtol=0, atol=1e-5)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A network as ONNX. Only to be read."""
    path = tmp_path_factory.mktemp("drawn") / "model.onnx"
    return write(path, build(*DRAWN), DRAWN[0], ExportFormat.ONNX)


def run_of(path):
    session = onnxruntime.InferenceSession(path)
    return lambda images: torch.from_numpy(session.run(None, {"image": images.numpy()})[0])


def test_onnx_computes_the_network(drawn):
    require_equal(run_of(drawn), build(*DRAWN), DRAWN[0])


@pytest.mark.slow
@pytest.mark.parametrize(("architecture", "layer"), NETWORKS)
def test_onnx_computes_every_network(architecture, layer, tmp_path):
    network = build(architecture, layer)
    path = write(tmp_path / "model.onnx", network, architecture, ExportFormat.ONNX)
    require_equal(run_of(path), network, architecture)


@pytest.mark.parametrize(("architecture", "layer"), NETWORKS)
def test_torchscript_computes_the_network(architecture, layer, tmp_path):
    network = build(architecture, layer)
    path = write(tmp_path / "model.pt", network, architecture, ExportFormat.TORCHSCRIPT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # torch advises against TorchScript
        loaded = torch.jit.load(path)
    require_equal(loaded, network, architecture)


def test_our_own_way_to_run_onnx_computes_the_network(drawn):
    run = run_network(drawn, export_format=ExportFormat.ONNX, threads=1)
    require_equal(run, build(*DRAWN), DRAWN[0])


def test_names_and_varying_axes_stand_in_the_file(drawn):
    session = onnxruntime.InferenceSession(drawn)
    (image,), (posteriors,) = session.get_inputs(), session.get_outputs()
    assert (image.name, posteriors.name) == ("image", "posteriors")
    axes = ["batch", 2, "2*z_steps", "2*y_steps", "2*x_steps"]
    assert image.shape == axes
    assert posteriors.shape == ["batch", 3, *axes[2:]]


def test_a_file_names_no_folder_of_this_machine(drawn, repository):
    assert str(repository).encode() not in drawn.read_bytes()
    assert sys.prefix.encode() not in drawn.read_bytes()


def test_a_file_has_no_notes_that_differ_from_call_to_call(drawn):
    model = onnx.load(drawn)
    noted = [model, model.graph, *model.graph.node]
    assert [part for part in noted if len(part.metadata_props)] == []


def test_a_missing_library_is_named_with_the_way_to_it(monkeypatch):
    for name in ("onnx", "onnxruntime"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ExportError, match=r"needs onnx and onnxruntime.*pip install onnx onnxrunt"):
        require_libraries(ExportFormat.ONNX)
    require_libraries(ExportFormat.TORCHSCRIPT)

"""Which encoder takes the weights of a pretrained ResNet-50?"""

from torch import Tensor, nn

BLOCKS = (3, 4, 6, 3)
WIDTHS = (64, 128, 256, 512)
EXPANSION = 4
RESNET50_CHANNELS = WIDTHS[-1] * EXPANSION


class ResNet50(nn.Module):
    """The 50-layer residual network of He et al. 2015 (arXiv:1512.03385) without its classifier.

    The stride lies in the 3x3 convolution, and all names are those of torchvision's ResNet, so that
    the weights of checkpoints made with it fit. It maps 2D images (N, M, 1, Y, X) to features
    (N, 2048, 1, Y', X').
    """

    def __init__(self, input_channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(input_channels, WIDTHS[0], 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTHS[0])
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        inputs = WIDTHS[0]
        for level, (width, count) in enumerate(zip(WIDTHS, BLOCKS, strict=True), start=1):
            stage = _stage(inputs, width, count, stride=1 if level == 1 else 2)
            self.add_module(f"layer{level}", stage)
            inputs = width * EXPANSION
        for part in self.modules():
            if isinstance(part, nn.Conv2d):
                nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, maps: Tensor) -> Tensor:
        """Return the features."""
        features = self.maxpool(self.relu(self.bn1(self.conv1(maps.squeeze(2)))))
        for level in range(1, len(BLOCKS) + 1):
            features = self.get_submodule(f"layer{level}")(features)
        return features.unsqueeze(2)


class _Bottleneck(nn.Module):
    """Convolutions of 1, 3 and 1 beside a shortcut."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = width * EXPANSION
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.downsample: nn.Module | None = None
        if stride > 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, features: Tensor) -> Tensor:
        inner = self.relu(self.bn1(self.conv1(features)))
        inner = self.relu(self.bn2(self.conv2(inner)))
        shortcut = features if self.downsample is None else self.downsample(features)
        return self.relu(self.bn3(self.conv3(inner)) + shortcut)


def _stage(inputs: int, width: int, count: int, *, stride: int) -> nn.Sequential:
    blocks = [_Bottleneck(inputs, width, stride)]
    blocks += [_Bottleneck(width * EXPANSION, width, 1) for _ in range(count - 1)]
    return nn.Sequential(*blocks)

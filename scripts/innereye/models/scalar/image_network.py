"""How do encoder, pooling and head become a network that gives numbers for an item?"""

from torch import Tensor, nn

from innereye.models.scalar.inputs import encoder_maps, joined_features
from innereye.scalar_architectures.faults import image_size_fault
from innereye.scalar_architectures.shape import ScalarShape
from innereye.scalar_names import ImagingFeatureType


class ImageNetwork(nn.Module):
    """Encoder, pooling and head; numerical and categorical features join the pooled ones.

    Args:
        encoder: from maps (N, M, Z, Y, X) to features (N, C, ...).
        pooling: from features to (N, C).
        head: from (B, C x passes + F) to outputs (B, T).
    """

    def __init__(
        self, shape: ScalarShape, *, encoder: nn.Module, pooling: nn.Module, head: nn.Module
    ) -> None:
        super().__init__()
        self.shape = shape
        self.encoder, self.pooling, self.head = encoder, pooling, head
        if shape.freeze_encoder:
            encoder.requires_grad_(False)

    def train(self, mode: bool = True) -> "ImageNetwork":
        """Set the mode of all parts; a frozen encoder keeps the statistics that it came with."""
        super().train(mode)
        if self.shape.freeze_encoder:
            self.encoder.eval()
        return self

    def forward(
        self,
        images: Tensor | None,
        features: Tensor | None = None,
        segmentations: Tensor | None = None,
    ) -> Tensor:
        """Return outputs (B, T); raises ValueError where the size or the parts do not suit it."""
        maps = encoder_maps(
            images,
            segmentations,
            imaging_feature_type=ImagingFeatureType(self.shape.imaging_feature_type),
            is_joint=self.shape.is_joint,
        )
        if fault := image_size_fault(self.shape, maps.shape[2:]):
            raise ValueError(fault)
        pooled = self.pooling(self.encoder(maps))
        if not self.shape.is_joint:
            pooled = pooled.view(-1, self.shape.num_image_channels * pooled.shape[1])
        return self.head(joined_features(pooled, features, self.shape.num_features))

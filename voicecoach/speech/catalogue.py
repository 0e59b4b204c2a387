"""The Whisper models that can be downloaded, pinned to a commit and to the bytes of every file.

Everything is pinned here, so no checksum is taken from the hub at download time. The commits, sizes and
SHA-256 sums are those on which public lock files of these very commits agree: at least two independent ones
for all weights and vocabularies, one for the config.json of tiny and of distil-large-v3. A wrong sum could
only refuse a good file. A model that could not be confirmed is left out.

Word error rates are OpenAI's own on LibriSpeech test-clean with greedy decoding: Radford et al., "Robust
Speech Recognition via Large-Scale Weak Supervision", 2022 (arXiv 2212.04356), appendix D. They are read
speech, so spoken answers full of technical terms come out worse; the order of the models stays.
"""

from dataclasses import dataclass

DEFAULT_MODEL = "small.en"
"""What the app offers: the best that a usual laptop transcribes faster than it was spoken."""


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """One file of a model.

    Attributes:
        name: Its name in the repository and on disk.
        size_bytes: Its exact size.
        sha256: Of its content, in hex.
    """

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PinnedModel:
    """One model of the catalogue.

    Attributes:
        name: As in the settings.
        repository: On the Hugging Face hub.
        revision: Full commit.
        files: Everything that faster-whisper reads.
        cost: Time and memory, in one short phrase with its source.
        gain: Accuracy, in one short phrase with its source.
    """

    name: str
    repository: str
    revision: str
    files: tuple[PinnedFile, ...]
    cost: str
    gain: str

    @property
    def size_bytes(self) -> int:
        """Of all files together."""
        return sum(file.size_bytes for file in self.files)


def _cost(times_large: int) -> str:
    return f"about {times_large} times as fast as large (OpenAI's README)"


def _gain(word_error_rate: str, languages: str) -> str:
    return f"{word_error_rate} word error rate on LibriSpeech test-clean (Whisper paper); {languages}"


_ENGLISH = (
    PinnedFile(
        "tokenizer.json", 2_128_466, "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"
    ),
    PinnedFile("vocabulary.txt", 422_309, "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
)
_MULTILINGUAL = (
    PinnedFile(
        "tokenizer.json", 2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
    ),
    PinnedFile("vocabulary.txt", 459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
)
_THIRD_GENERATION = (
    PinnedFile(
        "preprocessor_config.json", 340, "7ccc62c6f2765af1f3b46c00c9b5894426835a05021c8b9c01eecb6dfb542711"
    ),
    PinnedFile(
        "tokenizer.json", 2_480_617, "6d8cbd7cd0d8d5815e478dac67b85a26bbe77c1f5e0c6d76d1ce2abc0e5f21ca"
    ),
    PinnedFile(
        "vocabulary.json", 1_068_114, "c69260f2ab26d659b7c398f9a2b2b48ed0df16c3b47d7326782fd9cba71690c1"
    ),
)

_MODELS = (
    PinnedModel(
        name="tiny.en",
        repository="Systran/faster-whisper-tiny.en",
        revision="0d3d19a32d3338f10357c0889762bd8d64bbdeba",
        files=(
            PinnedFile(
                "config.json", 2_317, "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"
            ),
            PinnedFile(
                "model.bin", 75_537_502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
            ),
            *_ENGLISH,
        ),
        cost=_cost(10),
        gain=_gain("5.6 %", "English only"),
    ),
    PinnedModel(
        name="tiny",
        repository="Systran/faster-whisper-tiny",
        revision="d90ca5fe260221311c53c58e660288d3deb8d356",
        files=(
            PinnedFile(
                "config.json", 2_249, "a73a28cdfe1c43ccc7202fa333d1f89c202477271407ae9a7f19afa52039cac8"
            ),
            PinnedFile(
                "model.bin", 75_538_270, "dcb76c6586fc06cbdac6dd21f14cfd129cc4cdd9dce19bf4ffa62e59cbe6e6d1"
            ),
            *_MULTILINGUAL,
        ),
        cost=_cost(10),
        gain=_gain("7.6 %", "many languages"),
    ),
    PinnedModel(
        name="base.en",
        repository="Systran/faster-whisper-base.en",
        revision="3d3d5dee26484f91867d81cb899cfcf72b96be6c",
        files=(
            PinnedFile(
                "config.json", 2_227, "f3bc3821e9fc76a27bae538e11ae5b677dcdd352b4600429ce7951d398569aeb"
            ),
            PinnedFile(
                "model.bin", 145_216_508, "2a166925539a16005f14ff328359f9b9adb9dc4fb631bb3b227526862e93e2ef"
            ),
            *_ENGLISH,
        ),
        cost=_cost(7),
        gain=_gain("4.2 %", "English only"),
    ),
    PinnedModel(
        name="base",
        repository="Systran/faster-whisper-base",
        revision="ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66",
        files=(
            PinnedFile(
                "config.json", 2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"
            ),
            PinnedFile(
                "model.bin", 145_217_532, "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
            ),
            *_MULTILINGUAL,
        ),
        cost=_cost(7),
        gain=_gain("5.0 %", "many languages"),
    ),
    PinnedModel(
        name="small.en",
        repository="Systran/faster-whisper-small.en",
        revision="d1d751a5f8271d482d14ca55d9e2deeebbae577f",
        files=(
            PinnedFile(
                "config.json", 2_657, "666a9605530ac1f61fa8177f3702b4dacec9966749e42610839fcc32661d5fae"
            ),
            PinnedFile(
                "model.bin", 483_545_366, "62b2a45b05ee59acb4a5341b33ee35e041395d378d418a18acfe4c9e768ee37a"
            ),
            *_ENGLISH,
        ),
        cost=_cost(4),
        gain=_gain("3.1 %", "English only"),
    ),
    PinnedModel(
        name="small",
        repository="Systran/faster-whisper-small",
        revision="536b0662742c02347bc0e980a01041f333bce120",
        files=(
            PinnedFile(
                "config.json", 2_370, "b55496ac7940a7ae47d2c01eab40edfd8701feec1229d9cce3b40014383fb828"
            ),
            PinnedFile(
                "model.bin", 483_546_902, "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671"
            ),
            *_MULTILINGUAL,
        ),
        cost=_cost(4),
        gain=_gain("3.4 %", "many languages"),
    ),
    PinnedModel(
        name="distil-large-v3",
        repository="Systran/faster-distil-whisper-large-v3",
        revision="c3058b475261292e64a0412df1d2681c06260fab",
        files=(
            PinnedFile(
                "config.json", 2_690, "90c55f775cc4e0bb17293d0bf12f96557a486f20dea886fabd8e6075a3588b21"
            ),
            PinnedFile(
                "model.bin", 1_512_927_867, "b79368e19b6623813609431a6e5ee309a71506701ebc49fd7820e692dec7c5f5"
            ),
            *_THIRD_GENERATION,
        ),
        cost="6.3 times as fast as large-v3 (its model card)",
        gain="within 1 % word error rate of large-v3 (its model card); English only",
    ),
    PinnedModel(
        name="medium.en",
        repository="Systran/faster-whisper-medium.en",
        revision="a29b04bd15381511a9af671baec01072039215e3",
        files=(
            PinnedFile(
                "config.json", 2_643, "4a1848ebabe7938d9797c15a2e8e4ce1d36e6fd4a43d096ae5955257c67c7962"
            ),
            PinnedFile(
                "model.bin", 1_527_904_330, "11b220779aea4c6f3ce9d2549c8a95ea869ed84066864b999531ef53e594fe5b"
            ),
            *_ENGLISH,
        ),
        cost=_cost(2),
        gain=_gain("3.1 %", "English only"),
    ),
    PinnedModel(
        name="large-v3",
        repository="Systran/faster-whisper-large-v3",
        revision="edaa852ec7e145841d8ffdb056a99866b5f0a478",
        files=(
            PinnedFile(
                "config.json", 2_394, "a9306624f5ec14270a014b647e5c316b6e03a662c369758d1b90697a7b0655b9"
            ),
            PinnedFile(
                "model.bin", 3_087_284_237, "69f74147e3334731bc3a76048724833325d2ec74642fb52620eda87352e3d4f1"
            ),
            *_THIRD_GENERATION,
        ),
        cost="the slowest; wants a GPU",
        gain="10 to 20 % fewer errors than large-v2 (OpenAI's model card); many languages",
    ),
)

CATALOGUE: dict[str, PinnedModel] = {model.name: model for model in _MODELS}
"""By name, smallest first."""

"""The language models that the settings name, and what they cost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from conductor.adapters.models import LangChainModel, anthropic_model, openai_model
from conductor.domain.interventions import GenerationMethod
from conductor.domain.wording import Price
from conductor.errors import InvalidInput, ModelMisconfigured
from conductor.ports import TextModel
from conductor.settings import Settings
from conductor.telemetry import TracedModel, open_tracing

log = logging.getLogger(__name__)


def models_of(settings: Settings) -> tuple[LangChainModel, ...]:
    """Models in the order in which they are asked; none without a key. Nothing is imported or connected yet."""
    models: list[LangChainModel] = []
    if key := settings.anthropic_api_key:
        named = ((GenerationMethod.SONNET, settings.sonnet_model), (GenerationMethod.HAIKU, settings.haiku_model))
        models += [
            anthropic_model(method, model, api_key=key, base_url=settings.anthropic_base_url) for method, model in named
        ]
    if settings.openai_model and (settings.openai_api_key or settings.openai_base_url):
        models.append(
            openai_model(settings.openai_model, api_key=settings.openai_api_key, base_url=settings.openai_base_url)
        )
    return tuple(models)


def prices_of(settings: Settings) -> Mapping[str, Price]:
    """What the models cost that are asked, by their ids.

    Raises:
        InvalidInput: There is one without a price, so that no budget could be kept.
    """
    asked = [model.model for model in models_of(settings)]
    for model in asked:
        if model not in settings.model_prices:
            raise InvalidInput(
                f"CONDUCTOR_MODEL_PRICES has no price for {model!r}, and no list price is known; add "
                f"{model}=fresh,answered,cache_read,cache_written in dollars for a million tokens"
            )
    return {model: settings.model_prices[model] for model in asked}


@asynccontextmanager
async def open_models(settings: Settings) -> AsyncIterator[tuple[TextModel, ...]]:
    """The models as long as the context lasts, warmed up behind the scenes, traced where the settings say so.

    Raises:
        InvalidInput: Tracing needs a library that is not installed.
    """
    models = models_of(settings)
    tracing = open_tracing(settings.is_traced, settings.otlp_endpoint)
    warming = asyncio.create_task(_warm(models))
    try:
        yield tuple(TracedModel(model, tracing.tracer) for model in models)
    finally:
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
        for model in models:
            await model.close()
        await tracing.close()


async def _warm(models: Sequence[LangChainModel]) -> None:
    for model in models:
        try:
            await model.warm()
        except ModelMisconfigured as error:
            log.warning("a language model cannot be asked: %s", error.message)

using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Requests;
using RazorSlices;
using Slices = PatientResponse.src.Infrastructure.Web.Parts;

namespace PatientResponse.Infrastructure.Web.Layouts;

/// <summary>A page or a part of one, with the small parts that they share: <c>@await ErrorMessage("q", Model.Mistake)</c>.</summary>
public abstract class Slice<T> : RazorSlice<T>
{
    /// <summary>A part with a file of its own: <c>@await Part(ReplyFiles.Create(Model))</c>.</summary>
    protected ValueTask<HtmlString> Part(RazorSlice part) => RenderPartialAsync(part);

    /// <summary>On top of a page; nothing where nothing is wrong.</summary>
    protected ValueTask<HtmlString> ErrorSummary(IReadOnlyList<FieldError> errors) =>
        errors.Count == 0 ? default : Part(Slices.ErrorSummary.Create(errors));

    /// <summary>Beside the field of this id; nothing where it is right.</summary>
    protected ValueTask<HtmlString> ErrorMessage(string field, string? text) =>
        text is null ? default : Part(Slices.ErrorMessage.Create(new(field, text)));

    /// <summary>What was done just now; nothing when nothing was.</summary>
    protected ValueTask<HtmlString> SuccessBanner(string? text) =>
        text is null ? default : Part(Slices.SuccessBanner.Create(text));

    /// <summary>One line of text with its label, hint and error.</summary>
    protected ValueTask<HtmlString> TextField(
        string id, string label, string? value, IReadOnlyList<FieldError> errors, string? hint = null, string type = "text",
        string autocomplete = "off", string? inputMode = null, string width = "app-input-medium") =>
        Part(Slices.TextField.Create(new(id, label, value, errors.For(id), hint, type, autocomplete, inputMode, width)));

    /// <summary>The antiforgery token, in every form that is posted with a session.</summary>
    protected ValueTask<HtmlString> Token() => Part(Slices.Token.Create());

    /// <summary>Where a patient turns who cannot wait.</summary>
    protected ValueTask<HtmlString> UrgentHelp() => Part(Slices.UrgentHelp.Create());

    /// <summary>Shown back where it could not be kept; nothing where nothing was written.</summary>
    protected ValueTask<HtmlString> WhatYouWrote(string text, string advice) =>
        text.Length == 0 ? default : Part(Slices.WhatYouWrote.Create(new(text, advice)));

    /// <summary>The address of a file of wwwroot.</summary>
    protected string Asset(string file) => HttpContext.Asset(file);

    /// <summary>An attribute that is left out when it is null, as Razor does by itself with all but <c>data-</c> attributes.</summary>
    protected static IHtmlContent Attribute(string name, string? value) => new OptionalAttribute(name, value);

    /// <summary>The ids of what describes a field, for <c>aria-describedby</c>; null where nothing does.</summary>
    protected static string? Describers(string id, string? hint, string? error) => (hint, error) switch
    {
        (null, null) => null,
        (_, null) => $"{id}-hint",
        (null, _) => $"{id}-error",
        _ => $"{id}-hint {id}-error",
    };

    private sealed class OptionalAttribute(string name, string? value) : IHtmlContent
    {
        public void WriteTo(TextWriter writer, HtmlEncoder encoder)
        {
            if (value is null)
                return;
            writer.Write($" {name}=\"");
            encoder.Encode(writer, value);
            writer.Write('"');
        }
    }
}

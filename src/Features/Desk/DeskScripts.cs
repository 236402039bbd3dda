namespace PatientResponse.Features.Desk;

/// <summary>What every page of the desk loads, because any conversation may be opened in it.</summary>
public static class DeskScripts
{
    public static readonly string[] All = ["htmx.js", "desk.js", "quiet-list.js", "copy.js", "lightbox.js", "gaps.js", "compose.js", "undo.js"];
}

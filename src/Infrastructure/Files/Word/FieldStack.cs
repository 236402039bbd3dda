namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>
/// Follows fields and the fields inside of them, letter by letter, and judges each by its name: the first word of its code. A
/// name that another field's result would make, or part of it, cannot be known.
/// </summary>
internal sealed class FieldStack
{
    private const int MaxDepth = 1000;
    private readonly List<Field> open = [new()];

    private sealed class Field
    {
        public FieldWord Name { get; } = new();

        public bool IsResult { get; set; }
    }

    /// <summary>A field fetches something, runs something, or is of a kind that nobody knows.</summary>
    public bool IsActive { get; private set; }

    /// <summary>There is a field around the next letter.</summary>
    public bool IsOpen => open.Count > 1;

    /// <summary>A letter now could be of a field's name.</summary>
    public bool WantsLetters => open[^1] is { IsResult: false, Name.IsDone: false };

    public void Begin()
    {
        if (open.Count > MaxDepth) IsActive = true;
        // What stands outside of all fields is no field's name.
        var outer = open[^1];
        if (open.Count > 1 && !outer.IsResult) IsActive |= !outer.Name.IsDone && (outer.Name.Text.Length == 0 || !FieldWords.IsHarmless(outer.Name.Text));
        else if (open.Count == 1) Judge(outer.Name);
        if (!IsActive) open.Add(new());
    }

    public void Feed(byte letter)
    {
        var field = open[^1];
        if (!field.IsResult && field.Name.Feed(letter)) Judge(field.Name);
    }

    /// <summary>The code is over; what follows is its result.</summary>
    public void Separate()
    {
        Judge(open[^1].Name);
        if (open.Count > 1) open[^1].IsResult = true;
        else open[0] = new();
    }

    public void End()
    {
        Judge(open[^1].Name);
        if (open.Count > 1) open.RemoveAt(open.Count - 1);
        else open[0] = new();
    }

    /// <summary>The text is over, and with it every field.</summary>
    public void Finish()
    {
        foreach (var field in open) Judge(field.Name);
    }

    private void Judge(FieldWord name)
    {
        name.End();
        IsActive |= !FieldWords.IsHarmless(name.Text);
    }
}

using System.Runtime.InteropServices;
using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>
/// What in a PDF does something, or holds a file (ISO 32000-1, 12.6). What a person has to follow, such as a link, does nothing
/// by itself; to run a script, start a program or leave the file counts wherever it hangs.
/// </summary>
internal sealed class PdfActions(CheckWork work)
{
    private const int MaxElsewhere = 1_000;
    private readonly List<int> numbers = [];
    private readonly List<Role> roles = [];
    private readonly List<(int From, int To)> aliases = [];
    private readonly List<(int From, int To)> nexts = [];
    private readonly HashSet<int> automatic = [];
    private readonly HashSet<int> typedElsewhere = [];

    /// <summary>What an object would be if something referred to it.</summary>
    private enum Role : byte
    {
        /// <summary>No action, or one that goes to a page of the file.</summary>
        Harmless,
        Action,
        /// <summary>The name of a harmful action or part.</summary>
        HarmfulName,
    }

    /// <summary>Something was found that does something by itself.</summary>
    public bool Found { get; private set; }

    /// <summary>Looks at an object and everything in it.</summary>
    public void Examine(PdfObject read, ReadOnlySpan<byte> source, int number, bool isStream)
    {
        work.Spend(read.Count);
        for (var i = 0; i < read.Count && !Found; i++)
            if (read[i].Key != PdfName.None) Found = Counts(read, i, source);
        // Nobody writes thousands of actions apart from where they hang.
        Found = Found || (isStream && HasDataElsewhere(read)) || automatic.Count + typedElsewhere.Count > MaxElsewhere;
        if (!Found && read.Count > 0) Note(read, number);
    }

    /// <summary>Follows what was referred to, when all objects have been seen.</summary>
    public void Settle() =>
        Found = Found || typedElsewhere.Any(number => Leads(number, byItself: false)) || automatic.Any(number => Leads(number, byItself: true));

    private bool Counts(PdfObject read, int at, ReadOnlySpan<byte> source)
    {
        ref var item = ref read[at];
        switch (item.Key)
        {
            case PdfName.OpenAction:
                return ActsByItself(read, at);
            case PdfName.AA or PdfName.EF:
                return item.Kind == PdfKind.Reference || (item.Kind == PdfKind.Dictionary && item.Next > at + 1);
            case PdfName.JS or PdfName.XFA or PdfName.OnInstantiate:
                return item.Kind is not (PdfKind.Other or PdfKind.Int or PdfKind.Name);
            case PdfName.JavaScript or PdfName.EmbeddedFiles:
                return item.Kind == PdfKind.Reference || (item.Kind == PdfKind.Dictionary && !IsEmptyTree(read, at));
            case PdfName.S or PdfName.Subtype or PdfName.Type:
                if (item.Kind == PdfKind.Reference) typedElsewhere.Add(item.Value);
                return item.Kind == PdfKind.Name && IsHarmful(item.Name, item.Key);
            case PdfName.URI:
                return item.Kind is PdfKind.Literal or PdfKind.Hex && PdfText.IsScriptAddress(source, item);
            default:
                return false;
        }
    }

    private static bool IsHarmful(PdfName name, PdfName key) => key switch
    {
        PdfName.S => name is PdfName.JavaScript or PdfName.Launch or PdfName.SubmitForm or PdfName.ImportData or PdfName.GoToR or PdfName.GoToE
            or PdfName.Rendition or PdfName.Movie or PdfName.Sound or PdfName.GoTo3DView or PdfName.RichMediaExecute,
        PdfName.Subtype => name is PdfName.RichMedia or PdfName.FileAttachment or PdfName.Movie or PdfName.Sound or PdfName.ThreeD,
        _ => name is PdfName.EmbeddedFile,
    };

    private static bool IsHarmfulSomewhere(PdfName name) =>
        IsHarmful(name, PdfName.S) || IsHarmful(name, PdfName.Subtype) || IsHarmful(name, PdfName.Type);

    // A stream's own data, or a page to be shown in its place, in another file.
    private static bool HasDataElsewhere(PdfObject stream)
    {
        for (var i = 1; i < stream[0].Next; i = stream[i].Next)
            if (stream[i] is { Key: PdfName.F, Kind: PdfKind.Literal or PdfKind.Hex or PdfKind.Dictionary or PdfKind.Reference } or { Key: PdfName.Ref, Kind: PdfKind.Dictionary or PdfKind.Reference }) return true;
        return false;
    }

    private static bool IsEmptyTree(PdfObject read, int tree) =>
        !read.Has(tree, PdfName.Kids) && read.Find(tree, PdfName.Names) is >= 0 and var names && read[names].Kind == PdfKind.Array && read[names].Next == names + 1;

    /// <summary>Whether what is done when the file is opened is more than to go to a page.</summary>
    private bool ActsByItself(PdfObject read, int at)
    {
        ref var item = ref read[at];
        if (item.Kind == PdfKind.Reference) automatic.Add(item.Value);
        if (item.Kind != PdfKind.Dictionary) return false;
        for (var i = at + 1; i < item.Next; i = read[i].Next)
        {
            if (read[i].Key == PdfName.S && !IsGoTo(read[i])) return true;
            if (read[i].Key == PdfName.Next && NextActs(read, i)) return true;
        }
        return false;
    }

    private bool NextActs(PdfObject read, int at)
    {
        if (read[at].Kind != PdfKind.Array) return ActsByItself(read, at);
        for (var i = at + 1; i < read[at].Next; i = read[i].Next)
            if (ActsByItself(read, i)) return true;
        return false;
    }

    private static bool IsGoTo(PdfItem item) => item is { Kind: PdfKind.Name, Name: PdfName.GoTo };

    private void Note(PdfObject read, int number)
    {
        var role = Role.Harmless;
        ref var value = ref read[0];
        if (value.Kind == PdfKind.Reference) aliases.Add((number, value.Value));
        else if (value.Kind == PdfKind.Name && IsHarmfulSomewhere(value.Name)) role = Role.HarmfulName;
        else if (value.Kind == PdfKind.Dictionary)
        {
            for (var i = 1; i < value.Next; i = read[i].Next)
            {
                if (read[i].Key == PdfName.S && !IsGoTo(read[i])) role = Role.Action;
                if (read[i].Key != PdfName.Next) continue;
                if (read[i].Kind == PdfKind.Reference) nexts.Add((number, read[i].Value));
                else if (read[i].Kind is PdfKind.Dictionary or PdfKind.Array) role = Role.Action;
            }
        }
        numbers.Add(number);
        roles.Add(role);
    }

    /// <summary>Whether an object, or one that it leads to, is harmful. An action that cannot be found counts: nobody can say
    /// that it is not.</summary>
    private bool Leads(int first, bool byItself)
    {
        var pending = new Stack<int>([first]);
        var seen = new HashSet<int>();
        while (pending.TryPop(out var number))
        {
            if (!seen.Add(number)) continue;
            work.Spend(40 + (numbers.Count + aliases.Count + nexts.Count) / 4);
            var known = CollectionsMarshal.AsSpan(numbers);
            var isKnown = false;
            for (var i = known.IndexOf(number); i >= 0; i = known[(i + 1)..].IndexOf(number) is >= 0 and var next ? i + 1 + next : -1)
            {
                isKnown = true;
                if (roles[i] == Role.HarmfulName || (byItself && roles[i] == Role.Action)) return true;
            }
            if (!isKnown && byItself) return true;
            foreach (var (from, to) in aliases) if (from == number) pending.Push(to);
            if (byItself) foreach (var (from, to) in nexts) if (from == number) pending.Push(to);
        }
        return false;
    }
}

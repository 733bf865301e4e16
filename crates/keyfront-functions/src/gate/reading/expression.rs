//! Expressions.

use super::super::construct::Construct;
use super::token::{Kind, Word};
use super::{Level, Parsed, Reader, Stop};

/// What an expression is, as far as what may follow it depends on that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Node {
    Name,
    Property,
    Eval,
    Arguments,
    Number,
    /// An array or an object; other engines take it for a pattern when it is assigned to.
    Literal,
    LogicalOr,
    LogicalAnd,
    /// `a in b`, and whether `a` could be assigned to.
    In {
        assignable: bool,
    },
    Other,
}

impl Node {
    pub(super) fn is_assignable(self) -> bool {
        matches!(self, Node::Name | Node::Property)
    }
}

/// How tightly the operators of two sides bind, `**` and `??` apart.
fn precedence(kind: Kind) -> Option<u8> {
    Some(match kind {
        Kind::LogicalOr => 1,
        Kind::LogicalAnd => 2,
        Kind::BitOr => 3,
        Kind::BitXor => 4,
        Kind::BitAnd => 5,
        Kind::Equality => 6,
        Kind::Relation | Kind::Word(Word::In | Word::Instanceof) => 7,
        Kind::Shift => 8,
        Kind::Plus | Kind::Minus => 9,
        Kind::Star | Kind::Slash | Kind::Percent => 10,
        _ => return None,
    })
}

const LOGICAL_OR: u8 = 1;
const BIT_OR: u8 = 3;

impl Reader<'_> {
    /// Expressions with commas between them.
    pub(super) fn expression(&mut self) -> Parsed<Node> {
        let first = self.assignment()?;
        self.commas(first)
    }

    fn commas(&mut self, first: Node) -> Parsed<Node> {
        let mut node = first;
        while self.take(Kind::Comma) {
            self.assignment()?;
            node = Node::Other;
        }
        Ok(node)
    }

    /// Goes on with an expression whose first operand has been read.
    pub(super) fn expression_from(&mut self, operand: Node) -> Parsed<Node> {
        let node = self.conditional(Some(operand))?;
        let node = self.assign(node)?;
        self.commas(node)
    }

    pub(super) fn assignment(&mut self) -> Parsed<Node> {
        self.nested(|reader| {
            if reader.is_arrow_function() {
                return reader.arrow_function();
            }
            let node = reader.conditional(None)?;
            reader.assign(node)
        })
    }

    fn assign(&mut self, target: Node) -> Parsed<Node> {
        let operator = self.lexer.current();
        if !matches!(operator.kind, Kind::Assign | Kind::AssignWith | Kind::DivideWith) {
            return Ok(target);
        }
        let restricted = match target {
            Node::Eval => "eval",
            Node::Arguments => "arguments",
            _ if target.is_assignable() => {
                self.lexer.consume();
                self.assignment()?;
                return Ok(Node::Other);
            }
            _ => {
                let fault = self.reference_fault("Invalid left-hand side in assignment", operator.at);
                let is_pattern = target == Node::Literal;
                return Err(if is_pattern { fault.blaming(Construct::Destructuring) } else { fault });
            }
        };
        Err(self.fault(format!("Identifier \"{restricted}\" is forbidden as left-hand in assignment")))
    }

    fn conditional(&mut self, operand: Option<Node>) -> Parsed<Node> {
        let condition = self.coalesce(operand)?;
        if !self.take(Kind::Question) {
            return Ok(condition);
        }
        self.lexer.allow_in();
        self.assignment()?;
        if !self.is(Kind::Colon) {
            return Err(self.unexpected());
        }
        self.lexer.end_allow_in();
        self.lexer.consume();
        self.assignment()?;
        Ok(Node::Other)
    }

    fn coalesce(&mut self, operand: Option<Node>) -> Parsed<Node> {
        let mut node = self.binary(LOGICAL_OR, operand)?;
        let mut right = node;
        let depth = self.depth;
        while self.is(Kind::Coalesce) {
            let mixed = matches!(right, Node::LogicalOr | Node::LogicalAnd);
            if mixed && self.lexer.before() != Kind::CloseParen {
                return Err(self.unexpected());
            }
            self.lexer.consume();
            self.descend(Level::Row)?;
            right = self.binary(BIT_OR, None)?;
            node = Node::Other;
        }
        self.depth = depth;
        Ok(node)
    }

    /// Operators that bind at least so tightly.
    fn binary(&mut self, least: u8, operand: Option<Node>) -> Parsed<Node> {
        let mut node = match operand {
            Some(operand) => self.postfix(operand)?,
            None => self.power()?,
        };
        let depth = self.depth;
        loop {
            let operator = self.kind();
            let Some(strength) = precedence(operator).filter(|strength| *strength >= least) else { break };
            if operator == Kind::Word(Word::In) && self.lexer.is_in_forbidden() {
                return Err(self.fault("Invalid left-hand side in for-loop"));
            }
            self.lexer.consume();
            self.descend(Level::Row)?;
            self.binary(strength + 1, None)?;
            node = match operator {
                Kind::LogicalOr => Node::LogicalOr,
                Kind::LogicalAnd => Node::LogicalAnd,
                Kind::Word(Word::In) => Node::In { assignable: node.is_assignable() },
                _ => Node::Other,
            };
        }
        self.depth = depth;
        Ok(node)
    }

    fn power(&mut self) -> Parsed<Node> {
        let base = self.unary()?;
        if base.1 && self.take(Kind::Power) {
            self.nested(Reader::power)?;
            return Ok(Node::Other);
        }
        Ok(base.0)
    }

    /// The second part is whether `**` may follow.
    fn unary(&mut self) -> Parsed<(Node, bool)> {
        let operator = self.kind();
        match operator {
            Kind::Word(Word::Delete | Word::Void | Word::Typeof)
            | Kind::Plus
            | Kind::Minus
            | Kind::Tilde
            | Kind::Not => {}
            Kind::Word(Word::Await) => {
                if let Err((message, construct)) = self.scopes.awaiting() {
                    return Err(self.fault(message).blaming(construct));
                }
                self.lexer.consume();
                self.nested(Reader::power)?;
                return Ok((Node::Other, true));
            }
            _ => return Ok((self.update()?, true)),
        }
        self.lexer.consume();
        let (node, _) = self.nested(Reader::unary)?;
        if self.is(Kind::Power) {
            return Err(self.fault("Either left-hand side or entire exponentiation must be parenthesized"));
        }
        if node == Node::Number && matches!(operator, Kind::Plus | Kind::Minus) {
            return Ok((Node::Number, false));
        }
        if node == Node::Name && operator == Kind::Word(Word::Delete) {
            return Err(self.fault("Delete of an unqualified identifier"));
        }
        Ok((Node::Other, false))
    }

    fn update(&mut self) -> Parsed<Node> {
        if !matches!(self.kind(), Kind::Increment | Kind::Decrement) {
            let node = self.left_hand_side()?;
            return self.postfix(node);
        }
        self.lexer.consume();
        let node = self.left_hand_side()?;
        if node.is_assignable() {
            return Ok(Node::Other);
        }
        let at = self.lexer.current().at;
        Err(self.reference_fault("Invalid left-hand side in prefix operation", at))
    }

    fn postfix(&mut self, node: Node) -> Parsed<Node> {
        let operator = self.lexer.current();
        if !matches!(operator.kind, Kind::Increment | Kind::Decrement) || self.lexer.before() == Kind::LineEnd
        {
            return Ok(node);
        }
        self.lexer.consume();
        if node.is_assignable() {
            return Ok(Node::Other);
        }
        Err(self.reference_fault("Invalid left-hand side in postfix operation", operator.at))
    }

    /// Calls, members and `new`.
    pub(super) fn left_hand_side(&mut self) -> Parsed<Node> {
        let first = self.kind();
        if first == Kind::Word(Word::New) && self.lexer.peek(1).kind == Kind::Word(Word::New) {
            let node = self.nested_new()?;
            return self.call(node);
        }
        if matches!(first, Kind::Word(Word::Super | Word::Import)) {
            self.lexer.peek(1);
            let construct =
                if first == Kind::Word(Word::Import) { Construct::Import } else { Construct::Class };
            return Err(self.not_supported().blaming(construct));
        }
        let node = if self.take(Kind::Word(Word::New)) {
            self.new_operand()?;
            self.constructor_arguments()?;
            self.members(Node::Other)?
        } else {
            let node = self.primary()?;
            self.members(node)?
        };
        self.call(node)
    }

    /// `new new A()()`: njs has no member access behind this.
    fn nested_new(&mut self) -> Parsed<Node> {
        let depth = self.depth;
        let mut count = 0;
        while self.take(Kind::Word(Word::New)) {
            self.descend(Level::Nested)?;
            count += 1;
        }
        self.new_operand()?;
        for _ in 0..count {
            self.constructor_arguments()?;
        }
        self.depth = depth;
        Ok(Node::Other)
    }

    /// What stands behind `new`.
    fn new_operand(&mut self) -> Parsed<()> {
        match self.kind() {
            Kind::Dot => Err(self.unexpected().blaming(Construct::NewTarget)),
            Kind::Word(Word::Super | Word::Import) => Err(self.not_supported().blaming(Construct::Class)),
            _ => {
                let node = self.primary()?;
                self.members(node)?;
                Ok(())
            }
        }
    }

    fn constructor_arguments(&mut self) -> Parsed<()> {
        if self.take(Kind::OpenParen) { self.arguments() } else { Ok(()) }
    }

    fn members(&mut self, first: Node) -> Parsed<Node> {
        let mut node = first;
        let depth = self.depth;
        while let Some(next) = self.member()? {
            self.descend(Level::Row)?;
            node = next;
        }
        self.depth = depth;
        Ok(node)
    }

    /// One member access, if there is one.
    fn member(&mut self) -> Parsed<Option<Node>> {
        match self.kind() {
            Kind::OpenBracket => {
                self.lexer.consume();
                self.expression()?;
                self.expect(Kind::CloseBracket)?;
                Ok(Some(Node::Property))
            }
            Kind::Dot => {
                let is_name = self.lexer.peek(1).kind.is_identifier_name();
                self.lexer.consume();
                if !is_name {
                    return Err(self.unexpected());
                }
                self.lexer.consume();
                Ok(Some(Node::Property))
            }
            Kind::Backtick => {
                self.template(true)?;
                Ok(Some(Node::Other))
            }
            _ => Ok(None),
        }
    }

    /// What follows a member expression: calls and their members.
    fn call(&mut self, first: Node) -> Parsed<Node> {
        let mut node = first;
        let depth = self.depth;
        if self.take(Kind::OpenParen) {
            self.arguments()?;
            node = Node::Other;
            if !self.is_optional_chain() {
                loop {
                    self.descend(Level::Row)?;
                    if self.take(Kind::OpenParen) {
                        self.arguments()?;
                        node = Node::Other;
                    } else if let Some(next) = self.member()? {
                        node = next;
                    } else {
                        self.depth = depth;
                        return Ok(node);
                    }
                }
            }
        }
        if self.is_optional_chain() {
            return Err(self.optional_chain().blaming(Construct::OptionalChain));
        }
        Ok(node)
    }

    fn is_optional_chain(&mut self) -> bool {
        self.is(Kind::Question) && self.lexer.peek(1).kind == Kind::Dot
    }

    /// njs sees `?` and `.`, and has the beginning of what is needed to go on; it never gets to the end.
    fn optional_chain(&mut self) -> Stop {
        while self.is_optional_chain() {
            self.lexer.consume();
            if !self.lexer.peek(1).kind.is_identifier_name() {
                self.lexer.consume();
                return self.unexpected();
            }
            self.lexer.consume();
            self.lexer.consume();
        }
        self.unexpected()
    }

    /// The arguments of a call, behind the parenthesis.
    pub(super) fn arguments(&mut self) -> Parsed<()> {
        if self.take(Kind::CloseParen) {
            return Ok(());
        }
        self.scopes.in_arguments(true);
        loop {
            self.assignment()?;
            if !self.take(Kind::Comma) || self.is(Kind::CloseParen) {
                break;
            }
        }
        self.scopes.in_arguments(false);
        self.expect(Kind::CloseParen)
    }
}
